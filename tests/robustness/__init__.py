"""Files that were made to harm, damaged files, and what becomes of each.

python -m tests.robustness            try all of them and rewrite README.md
python -m tests.robustness --print    the same, on standard output
"""
