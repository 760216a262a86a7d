"""Files that columns name: showing and downloading them."""
