"""Reading: from the bytes of a drawing or picture to 28×28 samples, and from samples to a reading.

Strokes are redrawn (`drawings`), ink is found (`pictures`), both are framed as MNIST frames its digits, and the
classifier reads them. `find_digits` is the door to all of it.
Imports nothing of the other rooms, only errors, files and processes; neither Streamlit nor any training code.
"""
