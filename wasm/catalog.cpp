// The catalog as a program of its own, which writes it while the package is made: so none of its
// words is in backprop.wasm.

#include <backprop/catalog.h>

/// A text that ends with a zero and stays where it is.
extern "C" const char* catalogJson() {
    static const std::string json = backprop::catalogJson();
    return json.c_str();
}
