"""The matcher itself: canonical columns in, scored pairs and clusters out. Knows no Django; kernels take and give Arrow
or NumPy."""
