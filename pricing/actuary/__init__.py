"""What an actuary does with a tariff before anybody is priced by it. None of it runs in the service."""
