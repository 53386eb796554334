#!/bin/sh
# Take from the packages of an image what is not needed to serve, train or read: build tools, sources in C, remote
# storage, the packages' own tests, charts that our pages do not show, what Keras can use instead of TensorFlow, colours
# for other languages than Python, and symbols for debuggers (a quarter of TensorFlow, most of uvloop).
set -eu
cd /packages/lib/python3.11/site-packages
rm -rf clang libclang-* grpc grpcio-* pip pip-* setuptools setuptools-* /packages/bin/pip* \
    numpy/*/tests pandas/tests h5py/tests jsonschema/tests opt_einsum/tests tests pydeck/nbextension cv2/data \
    streamlit/.agents pyarrow/include pyarrow/src pyarrow/tests \
    pyarrow/libarrow_python.so pyarrow/libarrow_python.so.*.*.* pyarrow/libarrow_flight.so.* pyarrow/_flight.* \
    pyarrow/libarrow_s3.so.* pyarrow/_s3fs.* pyarrow/_azurefs.* pyarrow/_gcsfs.* \
    onnxruntime/transformers onnxruntime/quantization onnxruntime/tools onnx/backend/test \
    onnxruntime/capi/libonnxruntime.so.* \
    keras/src/backend/openvino keras/src/backend/torch \
    tensorflow/include tensorflow/xla_aot_runtime_src tensorflow/compiler/mlir/stablehlo/stablehlo_extension.so \
    tensorflow/compiler/tf2xla/ops/_xla_ops.so
(cd streamlit/static/static/js && rm PlotlyChart.* DeckGlJsonChart.* EChartsChart.* GraphVizChart.* \
    MermaidChart.* mermaid* *Diagram-* elk-* cytoscape*)
find . '(' -name '*.py[ix]' -o -name '*.px[id]' -o -name '*.h' -o -name '*.cc' ')' -delete
[ ! -d keras ] || find keras -name '*_test.py' -delete
[ ! -d pygments ] || find pygments/lexers -name '[a-z]*.py' ! -name python.py ! -name special.py -delete
for package in tensorflow pyarrow onnxruntime uvloop PIL; do
    [ ! -d "$package" ] || find "$package" -name '*.so*' -type f -exec strip --strip-unneeded {} +
done
# compiled here, not by pip: without the date of each file, so that two builds are the same
python -m compileall -q -f -j 0 --invalidation-mode unchecked-hash "$PWD" ||
    echo "the files named above are no valid Python"
