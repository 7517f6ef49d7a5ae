// fann FOLDER: FANN in double precision, an epoch of its batch training for each batch.

#include <doublefann.h>

#include "protocol.h"

namespace {

class Network : public peer::Work {
  public:
    explicit Network(const peer::Workload& w) {
        const std::vector<unsigned> units(w.units.begin(), w.units.end());
        network_ = fann_create_standard_array(static_cast<unsigned>(units.size()), units.data());
        fann_set_training_algorithm(network_, FANN_TRAIN_BATCH);
        fann_set_train_error_function(network_, FANN_ERRORFUNC_LINEAR);
        // Its delta is the difference alone, for symmetric functions half of it; ours 2/outputs.
        const double outputs = static_cast<double>(w.units.back());
        const double factor = w.output == peer::Activation::kTanh ? 4.0 : 2.0;
        fann_set_learning_rate(network_, static_cast<float>(w.rate * factor / outputs));
        fann_set_activation_function_hidden(network_, functionOf(w.hidden));
        fann_set_activation_function_output(network_, functionOf(w.output));
        fann_set_activation_steepness_hidden(network_, steepnessOf(w.hidden));
        fann_set_activation_steepness_output(network_, steepnessOf(w.output));
        setWeights(w);
        all_ = dataOf(w);
        for (std::size_t b = 0; b < w.batches(); ++b) {
            const auto batch = static_cast<unsigned>(w.batch);
            batches_.push_back(
                fann_subset_train_data(all_, static_cast<unsigned>(b) * batch, batch));
        }
    }

    ~Network() override {
        for (fann_train_data* batch : batches_) fann_destroy_train(batch);
        fann_destroy_train(all_);
        fann_destroy(network_);
    }

    void run(int epochs) override {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            for (fann_train_data* batch : batches_) fann_train_epoch(network_, batch);
        }
    }

    double loss() override {
        double total = 0;
        for (unsigned s = 0; s < all_->num_data; ++s) {
            const double* a = fann_run(network_, all_->input[s]);
            for (unsigned j = 0; j < all_->num_output; ++j) {
                total += (a[j] - all_->output[s][j]) * (a[j] - all_->output[s][j]);
            }
        }
        return total / all_->num_data / all_->num_output;
    }

  private:
    static fann_activationfunc_enum functionOf(peer::Activation f) {
        return f == peer::Activation::kTanh ? FANN_SIGMOID_SYMMETRIC : FANN_SIGMOID;
    }
    static double steepnessOf(peer::Activation f) {  // tanh(s z), 1 / (1 + exp(-2 s z))
        return f == peer::Activation::kTanh ? 1.0 : 0.5;
    }

    /// FANN keeps the weights unit by unit, the bias last.
    void setWeights(const peer::Workload& w) {
        double* place = network_->weights;
        for (std::size_t l = 0; l < w.layers(); ++l) {
            const std::size_t fanOut = w.units[l + 1];
            for (std::size_t j = 0; j < fanOut; ++j) {
                for (std::size_t i = 0; i < w.units[l]; ++i) {
                    *place++ = w.parameters[w.weightsAt(l) + i * fanOut + j];
                }
                *place++ = w.parameters[w.biasesAt(l) + j];
            }
        }
    }

    static fann_train_data* dataOf(const peer::Workload& w) {
        fann_train_data* data = fann_create_train(static_cast<unsigned>(w.samples),
                                                  static_cast<unsigned>(w.units.front()),
                                                  static_cast<unsigned>(w.units.back()));
        for (std::size_t s = 0; s < w.samples; ++s) {
            for (std::size_t i = 0; i < w.units.front(); ++i) {
                data->input[s][i] = w.inputs[s * w.units.front() + i];
            }
            for (std::size_t j = 0; j < w.units.back(); ++j) {
                data->output[s][j] = w.targets[s * w.units.back() + j];
            }
        }
        return data;
    }

    fann* network_;
    fann_train_data* all_;
    std::vector<fann_train_data*> batches_;
};

}  // namespace

int main(int, char** argv) {
    return peer::serve("FANN", [&](const std::string& name) {
        return std::make_unique<Network>(peer::read(argv[1], name));
    });
}
