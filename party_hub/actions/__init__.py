"""The only writers of the kernel: one file an act, one transaction each, ending in the change, its audit and its
event.
"""
