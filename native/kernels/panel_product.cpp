// Products of a few rows with weights in panels (table.h).
#include "level.h"
#include "operand.h"

namespace pr1::PR1_LEVEL {

namespace {

constexpr int W = Lanes<float>::kCount;

// Rows and panels of a register tile: their sums, beside a vector of weights and what is broadcast. With f32 and the registers of AVX2 a tall tile,
// which reads half as many weights for each row, is faster where there are many rows; the sums are the same.
constexpr int kPanels = 4;
constexpr int kRows = PR1_REGISTERS >= 32 ? 6 : PR1_VECTOR_BYTES >= 32 ? 3 : 2;
constexpr int kTallRows = 2 * kRows;
constexpr int kTallPanels = kPanels / 2;
template <typename T>
constexpr bool kTall = kSame<T, float> && PR1_VECTOR_BYTES == 32;

template <typename T>
int64_t panel_elements(int64_t padded_k) { return padded_k * W; }

// c[r][p * W + ·] for kR rows and kP panels.
template <typename T, int kR, int kP>
inline void tile(const Operand<T>* a, int64_t a_stride, const T* panels, int64_t panel, int64_t k, float* c) {
  Vector<float> sums[kR][kP] = {};
  if constexpr (kSame<T, float>) {
    for (int64_t i = 0; i < k; i++) {
      if constexpr (kR > kRows) {  // each order needs the fewest registers for its shape
        Vector<float> w[kP];
#pragma GCC unroll 4
        for (int p = 0; p < kP; p++)
          w[p] = load(panels + p * panel + i * W);
#pragma GCC unroll 16
        for (int r = 0; r < kR; r++) {
          const auto x = a[r * a_stride + i];
#pragma GCC unroll 4
          for (int p = 0; p < kP; p++)
            sums[r][p] += x * w[p];
        }
      } else {
#pragma GCC unroll 4
        for (int p = 0; p < kP; p++) {
          const auto w = load(panels + p * panel + i * W);
#pragma GCC unroll 8
          for (int r = 0; r < kR; r++)
            sums[r][p] += a[r * a_stride + i] * w;
        }
      }
    }
  } else {
    for (int64_t i = 0; i < k; i += 2) {
#pragma GCC unroll 4
      for (int p = 0; p < kP; p++) {
        const auto words = load_words(panels + p * panel + i * W);
#ifdef __AVX512BF16__
#pragma GCC unroll 8
        for (int r = 0; r < kR; r++)
          sums[r][p] = add_dot(sums[r][p], word_at(a + r * a_stride + i), words);
#else
        const auto even = low_half(words), odd = high_half(words);
#pragma GCC unroll 8
        for (int r = 0; r < kR; r++) {
          sums[r][p] += a[r * a_stride + i] * even;
          sums[r][p] += a[r * a_stride + i + 1] * odd;
        }
#endif
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kR; r++)
#pragma GCC unroll 4
    for (int p = 0; p < kP; p++)
      store(c + (r * kP + p) * W, sums[r][p]);
}

// What becomes of a tile of sums [rows, panels * W].
template <typename T>
void finish(const PanelProduct& call, int64_t row, int64_t rows, int64_t panel, int64_t panels, const float* c, int64_t c_stride) {
  const auto column = panel * W, columns = panels * W;
  const float* bias = call.bias == nullptr ? nullptr : call.bias + column;
  for (int64_t r = 0; r < rows; r++) {
    const float* from = c + r * c_stride;
    float biased[kPanels * W];
    if (bias != nullptr) {
#pragma omp simd
      for (int64_t i = 0; i < columns; i++)
        biased[i] = from[i] + bias[i];
      from = biased;
    }
    if (call.product == Product::kGated) {
      for (int64_t p = 0; p < panels; p += 2) {
        auto* to = static_cast<Operand<T>*>(call.operand) + (row + r) * call.out_stride + (panel + p) / 2 * W;
        const float *gate = from + p * W, *up = gate + W;
#pragma omp simd
        for (int i = 0; i < W; i++) {
          const float g = rounded<T>(gate[i]);
          to[i] = operand<Operand<T>>(rounded<T>(g * sigmoid_of(g) * rounded<T>(up[i])));
        }
      }
      continue;
    }
    float* to = call.out + (row + r) * call.out_stride + column;
    if (call.product == Product::kAddTo) {
#pragma omp simd
      for (int64_t i = 0; i < columns; i++)
        to[i] = rounded<T>(to[i] + rounded<T>(from[i]));
    } else {
      const auto count = call.product == Product::kLogits ? smaller(columns, call.width - column) : columns;
#pragma omp simd
      for (int64_t i = 0; i < count; i++)
        to[i] = rounded<T>(from[i]);
    }
  }
}

template <typename T, int kP, int kR>
inline void whole_tile(const PanelProduct& call, int64_t row, int64_t panel) {
  float c[kR * kP * W] __attribute__((aligned(64)));
  const auto size = panel_elements<T>(call.k);
  tile<T, kR, kP>(static_cast<const Operand<T>*>(call.a) + row * call.a_stride, call.a_stride, static_cast<const T*>(call.panels) + panel * size, size, call.k, c);
  finish<T>(call, row, kR, panel, kP, c, kP * W);
}

template <typename T, int kP, int kR = kRows>
inline void some_rows(const PanelProduct& call, int64_t row, int64_t rows, int64_t panel) {
  if constexpr (kR > 1) {
    if (rows < kR) {
      some_rows<T, kP, kR - 1>(call, row, rows, panel);
      return;
    }
  }
  whole_tile<T, kP, kR>(call, row, panel);
}

template <typename T>
void run(const PanelProduct& call, const ProductTask& task) {
  const auto all = task.row_end - task.row_begin;
  const auto tall = kTall<T> && all >= 4 * kRows ? all / kTallRows * kTallRows : 0;
  for (auto panel = task.panel_begin; panel < task.panel_end; panel += kPanels) {
    const auto panels = smaller<int64_t>(kPanels, task.panel_end - panel);
    for (int64_t p = 0; p < panels && tall > 0; p += kTallPanels) {
      for (auto row = task.row_begin; row < task.row_begin + tall; row += kTallRows) {
        if (panels - p >= kTallPanels)
          whole_tile<T, kTallPanels, kTallRows>(call, row, panel + p);
        else
          whole_tile<T, 1, kTallRows>(call, row, panel + p);
      }
    }
    for (auto row = task.row_begin + tall; row < task.row_end; row += kRows) {
      const auto rows = smaller<int64_t>(kRows, task.row_end - row);
      switch (panels) {
        case 4: some_rows<T, 4>(call, row, rows, panel); break;
        case 3: some_rows<T, 3>(call, row, rows, panel); break;
        case 2: some_rows<T, 2>(call, row, rows, panel); break;
        default: some_rows<T, 1>(call, row, rows, panel); break;
      }
    }
  }
}

#ifdef __AMX_BF16__
// Tiles of 16 rows of 64 bytes: 0 to 3 are sums, the others operands. The sums of a row do not depend on the rows beside it, so tiles are
// always whole, whatever stands in the rows that nobody wants.
constexpr int64_t kTileDepth = 32;  // bf16 of a row of a tile

// 16 rows, up to four panels.
template <int kP>
inline void amx_one(const BFloat16* a, int64_t a_stride, const BFloat16* panels, int64_t panel, int64_t k, float* c) {
  const auto stride = a_stride * 2, c_stride = static_cast<int64_t>(kPanels * W * sizeof(float));
  _tile_zero(0);
  if constexpr (kP > 1) _tile_zero(1);
  if constexpr (kP > 2) _tile_zero(2);
  if constexpr (kP > 3) _tile_zero(3);
  for (int64_t i = 0; i < k; i += kTileDepth) {
    const auto* at = panels + i * W;
    _tile_loadd(4, a + i, stride);
    _tile_loadd(5, at, 64);
    _tile_dpbf16ps(0, 4, 5);
    if constexpr (kP > 1) {
      _tile_loadd(6, at + panel, 64);
      _tile_dpbf16ps(1, 4, 6);
    }
    if constexpr (kP > 2) {
      _tile_loadd(7, at + 2 * panel, 64);
      _tile_dpbf16ps(2, 4, 7);
    }
    if constexpr (kP > 3) {
      _tile_loadd(5, at + 3 * panel, 64);
      _tile_dpbf16ps(3, 4, 5);
    }
  }
  _tile_stored(0, c, c_stride);
  if constexpr (kP > 1) _tile_stored(1, c + W, c_stride);
  if constexpr (kP > 2) _tile_stored(2, c + 2 * W, c_stride);
  if constexpr (kP > 3) _tile_stored(3, c + 3 * W, c_stride);
}

// 32 rows, up to two panels.
template <int kP>
inline void amx_two(const BFloat16* a, int64_t a_stride, const BFloat16* panels, int64_t panel, int64_t k, float* c) {
  const auto stride = a_stride * 2, c_stride = static_cast<int64_t>(kPanels * W * sizeof(float));
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t i = 0; i < k; i += kTileDepth) {
    const auto* at = panels + i * W;
    _tile_loadd(4, a + i, stride);
    _tile_loadd(6, at, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(5, a + 16 * a_stride + i, stride);
    _tile_dpbf16ps(2, 5, 6);
    if constexpr (kP > 1) {
      _tile_loadd(7, at + panel, 64);
      _tile_dpbf16ps(1, 4, 7);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, c, c_stride);
  _tile_stored(2, c + 16 * kPanels * W, c_stride);
  if constexpr (kP > 1) {
    _tile_stored(1, c + W, c_stride);
    _tile_stored(3, c + 16 * kPanels * W + W, c_stride);
  }
}

void run_amx(const PanelProduct& call, const ProductTask& task) {
  float c[32 * kPanels * W] __attribute__((aligned(64)));
  const auto size = panel_elements<BFloat16>(call.k);
  const auto* weights = static_cast<const BFloat16*>(call.panels);
  const auto* a = static_cast<const BFloat16*>(call.a);
  const auto step = task.row_end - task.row_begin <= 16 ? kPanels : 2;
  for (auto panel = task.panel_begin; panel < task.panel_end; panel += step) {
    const auto panels = smaller<int64_t>(step, task.panel_end - panel);
    const auto* w = weights + panel * size;
    for (auto row = task.row_begin; row < task.row_end;) {
      const auto rows = smaller<int64_t>(task.row_end - row, 32);
      const auto* left = a + row * call.a_stride;
      if (rows > 16 && panels == 2) {
        amx_two<2>(left, call.a_stride, w, size, call.k, c);
      } else if (rows > 16) {
        amx_two<1>(left, call.a_stride, w, size, call.k, c);
      } else {
        switch (panels) {
          case 4: amx_one<4>(left, call.a_stride, w, size, call.k, c); break;
          case 3: amx_one<3>(left, call.a_stride, w, size, call.k, c); break;
          case 2: amx_one<2>(left, call.a_stride, w, size, call.k, c); break;
          default: amx_one<1>(left, call.a_stride, w, size, call.k, c); break;
        }
      }
      finish<BFloat16>(call, row, rows, panel, panels, c, kPanels * W);
      row += rows;
    }
  }
}
#endif

template <typename T>
void pack(const PackPanels& call, int64_t begin, int64_t end) {
  const auto* weights = static_cast<const T*>(call.weights);
  const auto size = panel_elements<T>(call.padded_k);
  constexpr int kPair = kSame<T, float> ? 1 : 2;
  for (auto task = begin; task < end; task++) {
    auto* to = static_cast<T*>(call.panels) + (call.first + task * call.step) * size;
    for (int64_t k = 0; k < call.padded_k; k += kPair) {
      for (int64_t lane = 0; lane < W; lane++) {
        const auto n = task * W + lane;
        for (int j = 0; j < kPair; j++)
          *to++ = n < call.n && k + j < call.k ? weights[n * call.k + k + j] : T{};
      }
    }
  }
}

}  // namespace

void pack_panels(const PackPanels& call, int64_t begin, int64_t end) {
  if (call.type == Type::kBFloat16)
    pack<BFloat16>(call, begin, end);
  else
    pack<float>(call, begin, end);
}

void panel_product(const PanelProduct& call, const ProductTask& task) {
#ifdef __AMX_BF16__
  if (call.amx) {
    run_amx(call, task);
    return;
  }
#endif
  if (call.type == Type::kBFloat16)
    run<BFloat16>(call, task);
  else
    run<float>(call, task);
}

// For the calling thread: what its tiles are; off: gives them back.
void configure_amx(bool on) {
#ifdef __AMX_BF16__
  if (!on) {
    _tile_release();
    return;
  }
  struct alignas(64) Configuration {
    uint8_t palette = 1, start_row = 0, reserved[14] = {};
    uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
  } configuration;
  asm volatile("" : : "r"(&configuration) : "memory");  // the instruction reads all of it, which its intrinsic does not say
  _tile_loadconfig(&configuration);
#else
  (void)on;
#endif
}

}  // namespace pr1::PR1_LEVEL
