// Chooses the kernels when they are first asked for: the widest instruction set that this processor
// has and that the build compiled.

#include "kernels.h"

namespace backprop {

namespace baseline {
extern const Kernels kKernels;
}

#if defined(BACKPROP_X86_KERNELS)
namespace avx2 {
extern const Kernels kKernels;
}
namespace avx512 {
extern const Kernels kKernels;
}

const Kernels& kernels() {
    static const Kernels& chosen = []() -> const Kernels& {
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl")) {
            return avx512::kKernels;
        }
        return __builtin_cpu_supports("avx2") ? avx2::kKernels : baseline::kKernels;
    }();
    return chosen;
}
#else
const Kernels& kernels() { return baseline::kKernels; }
#endif

}  // namespace backprop
