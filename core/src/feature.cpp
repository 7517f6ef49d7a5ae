#include "feature.h"

#include "elementary.h"

namespace backprop {
namespace {

constexpr Entry kFeatures[] = {
    {"x1", "x1", "", "The first coordinate.", {}},
    {"x2", "x2", "", "The second coordinate.", {}},
    {"x1_squared", "x1^2", "", "Tells near from far along x1.", {}},
    {"x2_squared", "x2^2", "", "Tells near from far along x2.", {}},
    {"x1_x2", "x1 x2", "", "Tells the diagonal quarters apart.", {}},
    {"sin_x1", "sin(x1)", "", "Waves along x1.", {}},
    {"sin_x2", "sin(x2)", "", "Waves along x2.", {}},
};

}  // namespace

std::span<const Entry> featureEntries() { return kFeatures; }

double featureOf(std::size_t feature, double x1, double x2) {
    switch (feature) {
        case 0:
            return x1;
        case 1:
            return x2;
        case 2:
            return x1 * x1;
        case 3:
            return x2 * x2;
        case 4:
            return x1 * x2;
        default:
            return sin(broadcast<Part>(feature == 5 ? x1 : x2))[0];
    }
}

}  // namespace backprop
