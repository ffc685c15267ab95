"""Random plans, the whole way from the tables to the figures, and each figure worked out a second time.

python -m tests.randomplans SEED [COUNT]    play the plans of COUNT seeds from SEED on; tell what is wrong, by seed
python -m tests.randomplans.cells SEED      compare the cells of their workbooks with what LibreOffice works out

`generator` makes the tables of a plan and what departments answer, from one seed. `filling` writes answers into issued
workbooks. `oracle` works the figures out with pandas from the accepted answers; it knows nothing of `xlplan.formula`
and `xlplan.report`. `shown` reads what the summary shows. `run` plays a plan and compares.
"""
