// eigen FOLDER PRECISION: matrix products and array expressions of Eigen, samples in the columns.

#include <Eigen/Dense>

#include "protocol.h"

namespace {

template <typename Number>
class Network : public peer::Work {
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
    using Vector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;
    using Activation = peer::Activation;

  public:
    explicit Network(const peer::Workload& w) : w_(w) {
        x_ = matrix(w.inputs.data(), w.units.front(), w.samples);
        y_ = matrix(w.targets.data(), w.units.back(), w.samples);
        for (std::size_t l = 0; l < w.layers(); ++l) {
            weights_.push_back(matrix(&w.parameters[w.weightsAt(l)], w.units[l + 1], w.units[l]));
            biases_.push_back(matrix(&w.parameters[w.biasesAt(l)], w.units[l + 1], 1));
            a_.emplace_back(w.units[l + 1], w.batch);
            d_.emplace_back(w.units[l + 1], w.batch);
        }
    }

    void run(int epochs) override {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            for (std::size_t first = 0; first < w_.samples; first += w_.batch) step(first);
        }
    }

    double loss() override {
        forward(0, w_.samples);
        const Matrix& a = a_.back();
        const double samples = static_cast<double>(w_.samples);
        if (w_.output == Activation::kSoftmax) {
            return -(y_.array() * a.array().log()).sum() / samples;
        }
        return (a - y_).squaredNorm() / samples / static_cast<double>(a.rows());
    }

  private:
    static Matrix matrix(const double* values, std::size_t rows, std::size_t columns) {
        return Eigen::Map<const Eigen::MatrixXd>(values, static_cast<Eigen::Index>(rows),
                                                 static_cast<Eigen::Index>(columns))
            .template cast<Number>();
    }

    void forward(std::size_t first, std::size_t count) {
        for (std::size_t l = 0; l < w_.layers(); ++l) {
            Matrix& a = a_[l];
            if (l == 0) {
                a.noalias() = weights_[l] * x_.middleCols(first, count);
            } else {
                a.noalias() = weights_[l] * a_[l - 1];
            }
            a.colwise() += biases_[l];
            activate(l + 1 == w_.layers() ? w_.output : w_.hidden, a);
        }
    }

    static void activate(Activation f, Matrix& a) {
        if (f == Activation::kSigmoid) {
            a = a.array().logistic();
        } else if (f == Activation::kTanh) {
            a = a.array().tanh();
        } else {
            a.rowwise() -= a.colwise().maxCoeff().eval();
            a = a.array().exp();
            a.array().rowwise() /= a.colwise().sum().array().eval();
        }
    }

    static void timesSlope(Activation f, const Matrix& a, Matrix& d) {
        if (f == Activation::kSigmoid) {
            d.array() *= a.array() * (Number(1) - a.array());
        } else if (f == Activation::kTanh) {
            d.array() *= Number(1) - a.array().square();
        }
    }

    void step(std::size_t first) {
        const std::size_t count = w_.batch;
        forward(first, count);
        d_.back() = a_.back() - y_.middleCols(first, count);
        const bool isSoftmax = w_.output == Activation::kSoftmax;
        const double elements =
            static_cast<double>(count) * (isSoftmax ? 1 : static_cast<double>(w_.units.back()));
        d_.back() *= static_cast<Number>((isSoftmax ? 1.0 : 2.0) / elements);
        timesSlope(w_.output, a_.back(), d_.back());
        const auto rate = static_cast<Number>(w_.rate);
        for (std::size_t l = w_.layers(); l-- > 0;) {
            if (l > 0) {
                d_[l - 1].noalias() = weights_[l].transpose() * d_[l];
                timesSlope(w_.hidden, a_[l - 1], d_[l - 1]);
                weights_[l].noalias() -= rate * d_[l] * a_[l - 1].transpose();
            } else {
                weights_[l].noalias() -= rate * d_[l] * x_.middleCols(first, count).transpose();
            }
            biases_[l] -= rate * d_[l].rowwise().sum();
        }
    }

    const peer::Workload w_;
    Matrix x_, y_;                 ///< [columns, samples]
    std::vector<Matrix> weights_;  ///< [fan-out, fan-in]
    std::vector<Vector> biases_;
    std::vector<Matrix> a_, d_;  ///< activations and dL/dz of each layer, [units, batch]
};

}  // namespace

int main(int, char** argv) {
    const bool isSingle = std::string(argv[2]) == "f32";
    const std::string version = "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." +
                                std::to_string(EIGEN_MAJOR_VERSION) + "." +
                                std::to_string(EIGEN_MINOR_VERSION);
    return peer::serve(version, [&](const std::string& name) -> std::unique_ptr<peer::Work> {
        const peer::Workload workload = peer::read(argv[1], name);
        if (isSingle) return std::make_unique<Network<float>>(workload);
        return std::make_unique<Network<double>>(workload);
    });
}
