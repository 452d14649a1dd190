"""German numbers with a decimal point and a narrow space between thousands (DIN 1333 allows it).

A comma would stand in the coordinates of drawings and in the values of number fields too, where only a point is read.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
