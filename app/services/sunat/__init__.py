"""Electronic documents: given their number with the sale, signed and sent by workers."""
