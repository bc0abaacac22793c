# A text file as one C string literal a line.
s/[\\"]/\\&/g
s/.*/"&\\n"/
