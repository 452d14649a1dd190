"""How things are shown: values as text, differences, waterfalls. Plain Python; reads nothing and writes nothing."""
