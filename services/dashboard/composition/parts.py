"""What the dashboard reads before anything is opened: products, keys, and the provider that staff may log in by."""

from dataclasses import dataclass

from services.dashboard.adapters.desk_box import DeskBox, load_desk_box
from services.dashboard.adapters.oidc import OidcProvider
from services.dashboard.domain.awaits_release import AwaitsRelease, awaits_release_of
from services.dashboard.domain.due import Due, due_of
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.domain.take_back import HeldFor, held_for_of
from services.dashboard.entrypoints.web.company_pages import redirect_uri
from services.dashboard.settings import Settings
from services.dashboard.usecases.index_case import load_search_keys
from shared.clock import utc_now
from shared.products import Products, load_products
from shared.runtime.parcels import ParcelOpener, Sealer, load_parcel_opener, load_sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is read before anything is opened."""

    products: Products
    due: Due
    awaits_release: AwaitsRelease
    held_for: HeldFor
    opener: ParcelOpener
    keys: SearchKeys
    box: DeskBox
    sealer: Sealer


def load_parts(settings: Settings) -> Parts:
    """Raises what is wrong with the products or the keys."""
    products = load_products(settings.products)
    return Parts(
        products=products,
        due=due_of(products),
        awaits_release=awaits_release_of(products),
        held_for=held_for_of(products),
        opener=load_parcel_opener(settings.keys, "desk"),
        keys=load_search_keys(settings.keys),
        box=load_desk_box(settings.keys),
        sealer=load_sealer(settings.keys, ("rating", "notify", "desk")),
    )


def provider_of(settings: Settings) -> OidcProvider | None:
    """None: staff log in with passwords and passkeys only."""
    if not settings.oidc_issuer:
        return None
    return OidcProvider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        redirect_uri=redirect_uri(settings.origin),
        now=utc_now,
    )
