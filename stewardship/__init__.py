"""Where stewards decide what the machine cannot."""
