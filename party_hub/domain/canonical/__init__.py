"""How values become canonical: the one way for a file's columns, an event, a call.

Every door maps, cleans and judges through this package, so that the same record comes to the same attributes whichever
way it came in and whenever (the order of arrival changes nothing). Plain Python, one record at a time.
"""
