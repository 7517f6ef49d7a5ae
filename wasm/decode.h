#pragma once
// How a JavaScript value crosses: encode.js writes it as one row of numbers, which is read here.
// The two files are the format's only description.
//
//   stream   texts, then one value
//   texts    their number, then each as its length and its bytes in UTF-8
//   value    null | false | true | number x | text t | foreign t
//            | array n value… | numbers n x… | object n (t value)…
//
// Words stand for their place in Token, t for the place of a text.

#include <backprop/value.h>

#include <span>

/// The stream must be well-formed: it is made by encode.js alone.
backprop::Value decode(std::span<const double> stream);
