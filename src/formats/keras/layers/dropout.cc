// Dropout, noise and augmentation: at inference their input is their output.
#include "formats/keras/layers/layers.h"

namespace litesmith::keras {

ValueId build_identity(LayerCall& call) { return call.input(); }

}  // namespace litesmith::keras
