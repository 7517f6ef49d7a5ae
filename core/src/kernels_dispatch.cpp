// Chooses the kernels when they are first asked for: the widest instruction set that this processor
// has and that the build compiled.

#include "kernels.h"

namespace backprop {

namespace baseline {
extern const Kernels kKernels;
}
#if defined(BACKPROP_HAS_avx2)
namespace avx2 {
extern const Kernels kKernels;
}
#endif
#if defined(BACKPROP_HAS_avx512)
namespace avx512 {
extern const Kernels kKernels;
}
#endif

namespace {

const Kernels& widest() {
#if defined(BACKPROP_HAS_avx512)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        return avx512::kKernels;
    }
#endif
#if defined(BACKPROP_HAS_avx2)
    if (__builtin_cpu_supports("avx2")) return avx2::kKernels;
#endif
    return baseline::kKernels;
}

}  // namespace

const Kernels& kernels() {
    static const Kernels& chosen = widest();
    return chosen;
}

}  // namespace backprop
