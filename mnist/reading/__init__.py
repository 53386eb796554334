"""Reading: from the bytes of a drawing or picture to 28×28 samples, and from samples to a reading.

Strokes are redrawn, ink is found, both are framed as MNIST frames its digits, and the classifier reads them.
Imports nothing of the other rooms, only errors, files and processes; neither Streamlit nor any training code.
"""
