"""What an actuary does with a tariff before it prices a request: one folder a tool. None of it runs in a service."""
