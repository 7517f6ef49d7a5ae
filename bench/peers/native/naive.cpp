// naive FOLDER: plain C++ loops, naive.h.

#include "naive.h"

int main(int, char** argv) {
    return peer::serve("", [&](const std::string& name) {
        return std::make_unique<peer::Naive>(peer::read(argv[1], name));
    });
}
