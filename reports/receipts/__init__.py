"""The receipt of a sale on the paper of a till."""
