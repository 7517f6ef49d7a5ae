// dlib FOLDER: dlib's networks, single precision; the batches are made into tensors beforehand.

#include <dlib/dnn.h>
#include <dlib/revision.h>

#include "protocol.h"

namespace {

template <typename Net, typename Label>
class Network : public peer::Work {
  public:
    explicit Network(const peer::Workload& w) : w_(w) {
        for (std::size_t s = 0; s < w.samples; ++s) {
            dlib::matrix<float> x(static_cast<long>(w.units.front()), 1);
            for (long i = 0; i < x.size(); ++i) {
                x(i) =
                    static_cast<float>(w.inputs[s * w.units.front() + static_cast<std::size_t>(i)]);
            }
            inputs_.push_back(x);
            labels_.push_back(labelOf(s));
        }
        batches_.resize(w.batches());
        for (std::size_t b = 0; b < batches_.size(); ++b) {
            const auto first = inputs_.begin() + static_cast<long>(b * w.batch);
            net_.to_tensor(first, first + static_cast<long>(w.batch), batches_[b]);
        }
        net_.forward(batches_[0]);  // allocates the parameters
        setParameters();
        // The mean squared error's slope is without the factor 2.
        rate_ = w.output == peer::Activation::kSoftmax ? w.rate : 2 * w.rate;
    }

    void run(int epochs) override {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            for (std::size_t b = 0; b < batches_.size(); ++b) {
                const auto labels = labels_.begin() + static_cast<long>(b * w_.batch);
                net_.compute_parameter_gradients(batches_[b], labels);
                net_.update_parameters(dlib::make_sstack(solvers_), rate_);
            }
        }
    }

    double loss() override {
        double total = 0;
        for (std::size_t b = 0; b < batches_.size(); ++b) {
            total +=
                net_.compute_loss(batches_[b], labels_.begin() + static_cast<long>(b * w_.batch));
        }
        return total / static_cast<double>(batches_.size());
    }

  private:
    Label labelOf(std::size_t sample) const {
        const double* y = &w_.targets[sample * w_.units.back()];
        if constexpr (std::is_same_v<Label, float>) return static_cast<float>(*y);
        return static_cast<Label>(std::max_element(y, y + w_.units.back()) - y);
    }

    void setParameters() {
        std::size_t layer = w_.layers();  // visited from the output on
        dlib::visit_computational_layers(net_, [&](auto& details) {
            dlib::tensor& parameters = details.get_layer_params();
            if (parameters.size() == 0) return;
            --layer;
            const double* from = &w_.parameters[w_.weightsAt(layer)];
            std::copy(from, from + parameters.size(), parameters.host());
        });
    }

    const peer::Workload w_;
    Net net_;
    std::vector<dlib::matrix<float>> inputs_;
    std::vector<Label> labels_;
    std::vector<dlib::resizable_tensor> batches_;
    std::vector<dlib::sgd> solvers_ =
        std::vector<dlib::sgd>(Net::num_computational_layers, dlib::sgd(0, 0));
    double rate_;
};

using Input = dlib::input<dlib::matrix<float>>;
template <int units, typename Below>
using SigmoidLayer = dlib::sig<dlib::fc<units, Below>>;
template <int units, typename Below>
using TanhLayer = dlib::htan<dlib::fc<units, Below>>;
using W1 = dlib::loss_mean_squared<SigmoidLayer<1, SigmoidLayer<2, Input>>>;
using W2 = dlib::loss_mean_squared<TanhLayer<1, TanhLayer<8, TanhLayer<8, Input>>>>;
using W3 = dlib::loss_multiclass_log<dlib::fc<10, TanhLayer<256, TanhLayer<256, Input>>>>;

}  // namespace

int main(int, char** argv) {
    const std::string version =
        "dlib " + std::to_string(DLIB_MAJOR_VERSION) + "." + std::to_string(DLIB_MINOR_VERSION);
    return peer::serve(version, [&](const std::string& name) -> std::unique_ptr<peer::Work> {
        const peer::Workload workload = peer::read(argv[1], name);
        if (name == "W1") return std::make_unique<Network<W1, float>>(workload);
        if (name == "W2") return std::make_unique<Network<W2, float>>(workload);
        return std::make_unique<Network<W3, unsigned long>>(workload);
    });
}
