#include "decode.h"

#include <cassert>
#include <string>
#include <utility>
#include <vector>

namespace {

using backprop::Array;
using backprop::Foreign;
using backprop::Object;
using backprop::Value;

enum class Token { kNull, kFalse, kTrue, kNumber, kText, kForeign, kArray, kNumbers, kObject };

class Decoder {
  public:
    explicit Decoder(std::span<const double> stream) : stream_(stream) {}

    Value read() {
        texts_.resize(readSize());
        for (std::string& text : texts_) {
            text.resize(readSize());
            for (char& byte : text) byte = static_cast<char>(static_cast<unsigned char>(take()));
        }
        return readValue();
    }

  private:
    double take() {
        assert(at_ < stream_.size());
        return stream_[at_++];
    }
    std::size_t readSize() { return static_cast<std::size_t>(take()); }
    const std::string& readText() { return texts_[readSize()]; }

    Value readValue() {
        switch (static_cast<Token>(readSize())) {
            case Token::kNull:
                return {nullptr};
            case Token::kFalse:
                return {false};
            case Token::kTrue:
                return {true};
            case Token::kNumber:
                return {take()};
            case Token::kText:
                return {readText()};
            case Token::kForeign:
                return {Foreign{readText()}};
            case Token::kArray:
                return readArray([this] { return readValue(); });
            case Token::kNumbers:
                return readArray([this] { return Value{take()}; });
            case Token::kObject:
                return readObject();
        }
        assert(false);
        return {nullptr};
    }

    template <typename Read>
    Value readArray(Read read) {
        Array array;
        const std::size_t count = readSize();
        array.reserve(count);
        for (std::size_t i = 0; i < count; ++i) array.push_back(read());
        return {std::move(array)};
    }

    Value readObject() {
        Object object;
        const std::size_t count = readSize();
        object.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string& name = readText();
            object.push_back({name, readValue()});
        }
        return {std::move(object)};
    }

    std::span<const double> stream_;
    std::size_t at_ = 0;
    std::vector<std::string> texts_;
};

}  // namespace

Value decode(std::span<const double> stream) { return Decoder(stream).read(); }
