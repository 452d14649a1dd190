"""The writers of matching: one file an act. Parties and links are written through party_hub.actions alone."""
