"""Who comes to the pages of containers: by the names that Caddy answers to, trusting its authority."""

import ssl

import httpx

_FROM_OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


class ThroughProxy(httpx.BaseTransport):
    """Asks for *name* where this machine has published the proxy, whose authority is in the file *ca*."""

    def __init__(self, name: str, ca: str) -> None:
        trusting = ssl.create_default_context(cafile=ca)
        self._inner = httpx.HTTPTransport(verify=trusting, limits=httpx.Limits(max_keepalive_connections=0))
        self._name = name

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it."""
        request.headers["host"] = request.extensions["sni_hostname"] = self._name
        return self._inner.handle_request(request)


class Staff:
    """A member of staff with the browser at the dashboard *name*, which is published at *address*."""

    def __init__(self, address: str, name: str, ca: str) -> None:
        self._browser = httpx.Client(
            base_url=address, headers=_FROM_OWN_PAGE, transport=ThroughProxy(name, ca), trust_env=False
        )

    def log_in(self, account: str, password: str) -> None:
        """Log in for the first time, and choose a password, as the page wants. Raises `httpx.HTTPError`."""
        chosen = f"{password}-of-my-own"
        self._post("/login", name=account, password=password)
        self._post("/account/password", current=password, new=chosen, repeated=chosen)
        self._post("/login", name=account, password=chosen)

    def sees(self, words: str) -> bool:
        """Whether the list of all cases shows *words*."""
        answer = self._browser.get("/", params={"tab": "all"})
        answer.raise_for_status()
        return words in answer.text

    def _post(self, page: str, **fields: str) -> None:
        answer = self._browser.post(page, data=fields)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise httpx.HTTPError(f"{page} answered {answer.status_code}")
