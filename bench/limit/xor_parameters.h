#pragma once
// The nine parameters of the post's 2-2-1 network.

#include <array>
#include <cstddef>

#include "random.h"

namespace backprop::limit {

/// W1 (2 x 2, row-major), b1, W2, b2: the layout of Session::parameters.
using XorParameters = std::array<double, 9>;

/// Where the post's run begins: np.random.seed(42), biases zero.
inline XorParameters postParameters() {
    NumpyRandom random(42);
    XorParameters parameters = {};
    for (const std::size_t weight : {0u, 1u, 2u, 3u, 6u, 7u}) parameters[weight] = random.randn();
    return parameters;
}

}  // namespace backprop::limit
