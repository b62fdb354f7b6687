"""What quantities are called: in ASCII, in TeX, and as people write them."""
