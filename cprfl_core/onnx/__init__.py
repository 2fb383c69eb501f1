"""Export to ONNX, and inference with onnxruntime."""
