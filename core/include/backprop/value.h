#pragma once
// A tree of plain values: what JSON can say, and the few things more that a JavaScript caller can
// hand over by mistake. The core parses no text; a host turns what it has into a Value.

#include <string>
#include <variant>
#include <vector>

namespace backprop {

struct Value;
using Array = std::vector<Value>;
struct Field;
using Object = std::vector<Field>;  ///< in the order given

/// Something that JSON cannot say, in words for a message: "a function".
struct Foreign {
    std::string description;  ///< with its article
};

/// Null, a switch, a number, a text, a list, an object, or what is none of them.
struct Value {
    /// The value itself: null unless given.
    std::variant<std::nullptr_t, bool, double, std::string, Array, Object, Foreign> data;
};

/// A name of an object, and what it has under it.
struct Field {
    std::string name;  ///< as it was given, known or not
    Value value;       ///< of any kind
};

}  // namespace backprop
