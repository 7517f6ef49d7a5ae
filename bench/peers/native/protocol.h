#pragma once
// What every C++ peer shares: reading a workload, and the protocol that README.md describes.

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace peer {

enum class Activation { kSigmoid, kTanh, kSoftmax };

/// A network, its start and its data. The loss is the mean squared error, with softmax the
/// cross-entropy.
struct Workload {
    std::size_t samples, batch;
    double rate;
    Activation hidden, output;
    std::vector<std::size_t> units;  ///< the inputs, then each layer's units
    std::vector<double> inputs;      ///< [samples, units.front()]
    std::vector<double> targets;     ///< [samples, units.back()]
    std::vector<double> parameters;  ///< W1 (fan_in x fan_out, row-major), b1, W2, …

    std::size_t layers() const { return units.size() - 1; }
    std::size_t batches() const { return samples / batch; }
    /// Where W and b of a layer begin in the parameters.
    std::size_t weightsAt(std::size_t layer) const {
        std::size_t at = 0;
        for (std::size_t l = 0; l < layer; ++l) at += (units[l] + 1) * units[l + 1];
        return at;
    }
    std::size_t biasesAt(std::size_t layer) const {
        return weightsAt(layer) + units[layer] * units[layer + 1];
    }
};

/// From the numbers of a workload's file: see README.md.
inline Workload parse(const double* numbers) {
    const auto size = [&] { return static_cast<std::size_t>(*numbers++); };
    Workload w;
    w.samples = size();
    w.batch = size();
    w.rate = *numbers++;
    w.hidden = static_cast<Activation>(size());
    w.output = static_cast<Activation>(size());
    w.units.resize(size());
    for (std::size_t& n : w.units) n = size();
    const auto take = [&](std::vector<double>& values, std::size_t count) {
        values.assign(numbers, numbers + count);
        numbers += count;
    };
    take(w.inputs, w.samples * w.units.front());
    take(w.targets, w.samples * w.units.back());
    take(w.parameters, w.weightsAt(w.layers()));
    return w;
}

inline Workload read(const std::string& folder, const std::string& name) {
    std::ifstream file(folder + "/" + name + ".bin", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    std::vector<double> numbers(bytes.size() / sizeof(double));
    bytes.copy(reinterpret_cast<char*>(numbers.data()), bytes.size());
    return parse(numbers.data());
}

/// The time since it was made: the wall clock's or the processor's, whichever is less, for other
/// programs may be running.
class Stopwatch {
  public:
    double nanoseconds() const {
        const double wall = now(CLOCK_MONOTONIC) - wall_;
        return std::min(wall, now(CLOCK_PROCESS_CPUTIME_ID) - cpu_);
    }

  private:
    static double now(clockid_t clock) {
        timespec time;
        clock_gettime(clock, &time);
        return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
    }
    double wall_ = now(CLOCK_MONOTONIC), cpu_ = now(CLOCK_PROCESS_CPUTIME_ID);
};

/// Something that works on one workload from its start.
struct Work {
    virtual ~Work() = default;
    virtual void prepare(int /*epochs*/) {}  ///< not timed
    virtual void run(int epochs) = 0;        ///< what is timed
    virtual double loss() = 0;               ///< on all samples, at the parameters that run left
    virtual std::string digest() { return ""; }
};

using Make = std::function<std::unique_ptr<Work>(const std::string& workload)>;

/// Answers line after line until the input ends.
inline int serve(const std::string& version, const Make& make) {
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "version") {
            std::printf("{\"version\":\"%s\"}\n", version.c_str());
        } else {
            std::istringstream words(line);
            std::string workload;
            int epochs = 0, runs = 0;
            words >> workload >> epochs >> runs;
            std::unique_ptr<Work> work;
            std::vector<double> times;
            for (int i = 0; i < runs; ++i) {
                work = make(workload);
                work->prepare(epochs);
                const Stopwatch watch;
                work->run(epochs);
                times.push_back(watch.nanoseconds());
            }
            std::sort(times.begin(), times.end());
            std::printf("{\"nanoseconds\":%.17g,\"loss\":%.17g,\"digest\":\"%s\"}\n",
                        times[times.size() / 2] / epochs, work->loss(), work->digest().c_str());
        }
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace peer
