// Decoding on the CPU: one step of a whole decoder in one operator, from token ids to logits. The weights are repacked once
// (decoder_pack); in a step one team of threads goes from phase to phase, and nothing of libtorch runs in between.
#include "abi.h"
#include "operators.h"
#include "page_groups.h"
#include "team.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

#include <cstring>
#include <map>

namespace {

using at::Tensor;
using pr1::Team;

int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

// What a decoder is made of, in the order of the operator's list of integers.
struct Shape {
  int64_t layers, hidden, intermediate, heads, kv_heads, depth, vocabulary, norms, qkv_bias, o_bias, ff_bias;

  explicit Shape(at::IntArrayRef list) {
    TORCH_CHECK(list.size() == 11, "shape is [layers, hidden, intermediate, heads, kv_heads, depth, vocabulary, norms, qkv_bias, o_bias, ff_bias]; found ", list);
    std::memcpy(this, list.data(), sizeof *this);
    TORCH_CHECK(layers > 0 && hidden > 0 && intermediate > 0 && heads > 0 && kv_heads > 0 && depth > 0 && vocabulary > 0 && heads % kv_heads == 0 &&
                    depth % 2 == 0 && depth <= 1024 && hidden <= 1 << 20 && intermediate <= 1 << 22 && vocabulary <= 1 << 24 && layers <= 1 << 12,
                "a decoder cannot be made like this: ", list);
  }
};

// A matrix in panels.
struct Matrix {
  int64_t n = 0, k = 0, padded_k = 0, panels = 0, offset = -1, bias = -1;
};

struct Layer {
  int64_t input_norm, q_norm = -1, k_norm = -1, post_norm;
  Matrix qkv, o, gate_up, down;
};

// Where everything lies in the packed weights.
struct Plan {
  Shape shape;
  at::ScalarType dtype;
  int64_t lanes, bytes, k_offset, v_offset, qkv_width;
  std::vector<Layer> layers;
  std::vector<std::pair<int64_t, int64_t>> float_parts;  // offset, bytes
  int64_t final_norm;
  Matrix head;

  Plan(const Shape& shape, at::ScalarType dtype) : shape(shape), dtype(dtype), lanes(pr1::kernels().vector_bytes / 4), bytes(kHeader) {
    const auto q = shape.heads * shape.depth, kv = shape.kv_heads * shape.depth;
    k_offset = round_up(q, lanes);
    v_offset = k_offset + round_up(kv, lanes);
    qkv_width = v_offset + round_up(kv, lanes);
    for (int64_t i = 0; i < shape.layers; i++) {
      Layer layer;
      layer.input_norm = floats(shape.hidden);
      layer.qkv = matrix(qkv_width, shape.hidden, shape.qkv_bias);
      if (shape.norms) {
        layer.q_norm = floats(shape.depth);
        layer.k_norm = floats(shape.depth);
      }
      layer.o = matrix(shape.hidden, q, shape.o_bias);
      layer.post_norm = floats(shape.hidden);
      layer.gate_up = matrix(2 * round_up(shape.intermediate, lanes), shape.hidden, shape.ff_bias);
      layer.down = matrix(shape.hidden, shape.intermediate, shape.ff_bias);
      layers.push_back(layer);
    }
    final_norm = floats(shape.hidden);
    head = matrix(shape.vocabulary, shape.hidden, false);
  }

  static constexpr int64_t kHeader = 128;
  using Header = std::array<int64_t, kHeader / 8>;

  // What the packed weights begin with: for which shape, dtype and width of vectors they were packed.
  Header header() const {
    Header result{0x3150524544434544, lanes, static_cast<int64_t>(dtype), bytes};
    std::memcpy(&result[4], &shape, sizeof shape);
    return result;
  }

  int64_t stride(int64_t width) const { return round_up(width, 64) + 32; }  // of operands: whole tiles, and no multiple of 4096 bytes

 private:
  int64_t take(int64_t size) {
    const auto at = bytes;
    bytes += round_up(size, 64);
    return at;
  }

  int64_t floats(int64_t count) {
    const auto size = round_up(count, 64) * 4, at = take(size);
    float_parts.emplace_back(at, size);
    return at;
  }

  Matrix matrix(int64_t n, int64_t k, bool bias) {
    Matrix m;
    m.n = n;
    m.k = k;
    m.padded_k = dtype == at::kBFloat16 ? round_up(k, 32) : k;
    m.panels = round_up(n, lanes) / lanes;
    m.offset = take(m.panels * lanes * m.padded_k * (dtype == at::kBFloat16 ? 2 : 4));
    if (bias)
      m.bias = floats(m.panels * lanes);
    return m;
  }
};

at::ScalarType checked_dtype(const Tensor& weight) {
  const auto dtype = weight.scalar_type();
  TORCH_CHECK(dtype == at::kFloat || dtype == at::kBFloat16, "weights are float32 or bfloat16 here, not ", dtype);
  return dtype;
}

// ---- packing ----

class Packer {
 public:
  Packer(const Plan& plan, at::TensorList weights, char* to) : plan_(plan), weights_(weights), to_(to) {}

  void run() {
    const auto& s = plan_.shape;
    const auto q = s.heads * s.depth, kv = s.kv_heads * s.depth;
    for (const auto& [offset, size] : plan_.float_parts)
      std::memset(to_ + offset, 0, size);
    for (const auto& layer : plan_.layers) {
      floats(s.hidden, layer.input_norm);
      matrix(layer.qkv, q, 0, 1);
      matrix(layer.qkv, kv, plan_.k_offset / plan_.lanes, 1);
      matrix(layer.qkv, kv, plan_.v_offset / plan_.lanes, 1);
      if (s.qkv_bias) {
        bias(layer.qkv, q, 0, 1);
        bias(layer.qkv, kv, plan_.k_offset / plan_.lanes, 1);
        bias(layer.qkv, kv, plan_.v_offset / plan_.lanes, 1);
      }
      if (s.norms) {
        floats(s.depth, layer.q_norm);
        floats(s.depth, layer.k_norm);
      }
      matrix(layer.o, s.hidden, 0, 1);
      if (s.o_bias)
        bias(layer.o, s.hidden, 0, 1);
      floats(s.hidden, layer.post_norm);
      matrix(layer.gate_up, s.intermediate, 0, 2);
      matrix(layer.gate_up, s.intermediate, 1, 2);
      matrix(layer.down, s.hidden, 0, 1);
      if (s.ff_bias) {
        bias(layer.gate_up, s.intermediate, 0, 2);
        bias(layer.gate_up, s.intermediate, 1, 2);
        bias(layer.down, s.hidden, 0, 1);
      }
    }
    floats(s.hidden, plan_.final_norm);
    matrix(plan_.head, s.vocabulary, 0, 1);
    TORCH_CHECK(next_ == weights_.size(), "decoder_pack: ", weights_.size(), " weights where ", next_, " are expected");
    const auto header = plan_.header();
    std::memcpy(to_, header.data(), sizeof header);
  }

 private:
  Tensor take(at::IntArrayRef sizes) {
    TORCH_CHECK(next_ < weights_.size(), "decoder_pack: ", weights_.size(), " weights are too few");
    const auto& weight = weights_[next_++];
    TORCH_CHECK(weight.device().is_cpu() && weight.scalar_type() == plan_.dtype && weight.sizes() == sizes, "decoder_pack: weight ", next_ - 1, " is ",
                weight.scalar_type(), " ", weight.sizes(), " on ", weight.device(), ", expected ", plan_.dtype, " ", sizes, " on the CPU");
    return weight.contiguous();
  }

  void floats(int64_t count, int64_t offset) {
    const auto wide = take({count}).to(at::kFloat);
    std::memcpy(to_ + offset, wide.data_ptr<float>(), count * sizeof(float));
  }

  // Elements go to panels first, first + step, …
  void bias(const Matrix& m, int64_t count, int64_t first, int64_t step) {
    const auto wide = take({count}).to(at::kFloat);
    const auto lanes = plan_.lanes;
    auto* to = reinterpret_cast<float*>(to_ + m.bias);
    for (int64_t i = 0; i < count; i++)
      to[(first + i / lanes * step) * lanes + i % lanes] = wide.data_ptr<float>()[i];
  }

  void matrix(const Matrix& m, int64_t n, int64_t first, int64_t step) {
    const auto weight = take({n, m.k});
    const pr1::PackPanels call{pr1::storage(plan_.dtype), n, m.k, m.padded_k, first, step, weight.data_ptr(), to_ + m.offset};
    const auto run = pr1::kernels().pack_panels;
    at::parallel_for(0, round_up(n, plan_.lanes) / plan_.lanes, 8, [&](int64_t begin, int64_t end) { run(call, begin, end); });
  }

  const Plan& plan_;
  at::TensorList weights_;
  char* to_;
  size_t next_ = 0;
};

// The weights of a decoder as decoder_step reads them. In order, for each layer: input norm; q, k, v; their biases; q norm, k norm; o and its
// bias; post-attention norm; gate, up, down; their biases; then the final norm and the head. What the shape says there is not is left out.
Tensor decoder_pack(at::TensorList weights, at::IntArrayRef shape) {
  at::AutoDispatchBelowADInplaceOrView guard;
  TORCH_CHECK(!weights.empty(), "decoder_pack: no weights");
  const Plan plan(Shape(shape), checked_dtype(weights[0]));
  auto packed = at::empty({plan.bytes}, at::kByte);
  Packer(plan, weights, static_cast<char*>(packed.data_ptr())).run();
  return packed;
}

// ---- a step ----

// Memory between phases; kept from step to step.
class Workspace {
 public:
  // Cleared where it grows; rows that were never written hold zeros, and columns beyond what is written stay zero.
  template <typename T>
  T* get(const char* name, int64_t count) {
    auto& tensor = buffers_[name];
    const auto bytes = static_cast<int64_t>(count * sizeof(T));
    if (!tensor.defined() || tensor.numel() < bytes)
      tensor = at::zeros({bytes + bytes / 4}, at::kByte);
    return reinterpret_cast<T*>(tensor.data_ptr());
  }

  void clear() { buffers_.clear(); }
  Plan::Header owner{};  // whose strides the zeros are for

 private:
  std::map<std::string, Tensor> buffers_;
};

struct StepTables {
  const int32_t *tokens, *positions, *rows, *first, *wanted;
  const pr1::PageRange* ranges;
  int64_t count, wanted_count;
};

class Step {
 public:
  Step(const Plan& plan, const char* packed, const void* embedding, double eps, const float* cosine, const float* sine, const pr1::PagePool& pool, const StepTables& tables,
       bool amx, Workspace& space, Team& team)
      : plan_(plan), shape_(plan.shape), packed_(packed), embedding_(embedding), eps_(eps), cosine_(cosine), sine_(sine), pool_(pool), t_(tables), amx_(amx), space_(space),
        team_(team), k_(pr1::kernels()), type_(pool.type), operand_bytes_(type_ == pr1::Type::kBFloat16 && k_.dot_bf16 ? 2 : 4) {}

  void run(float* logits) {
    const auto rows = t_.count, padded = round_up(rows, 32);
    x_stride_ = round_up(shape_.hidden, 16);
    normed_stride_ = plan_.stride(shape_.hidden);
    mixed_stride_ = plan_.stride(shape_.heads * shape_.depth);
    gated_stride_ = plan_.stride(shape_.intermediate);
    x_ = space_.get<float>("x", rows * x_stride_);
    normed_ = space_.get<char>("normed", padded * normed_stride_ * operand_bytes_);
    qkv_ = space_.get<float>("qkv", rows * plan_.qkv_width);
    q_ = space_.get<char>("q", rows * mixed_stride_ * operand_bytes_);
    mixed_ = space_.get<char>("mixed", padded * mixed_stride_ * operand_bytes_);
    gated_ = space_.get<char>("gated", padded * gated_stride_ * operand_bytes_);
    groups_ = pr1::group_rows(t_.first, t_.ranges, t_.count, shape_.heads / shape_.kv_heads);
    const pr1::EmbedRows embed{type_, shape_.hidden, x_stride_, embedding_, t_.tokens, x_};
    each_row(rows, shape_.hidden, [&](int64_t begin, int64_t end) { k_.embed_rows(embed, begin, end); });
    for (int64_t i = 0; i < shape_.layers; i++)
      layer(i);
    if (t_.wanted_count == 0)
      return;
    norm(plan_.final_norm, t_.wanted, t_.wanted_count);
    product(plan_.head, pr1::Product::kLogits, t_.wanted_count, normed_, normed_stride_, logits, shape_.vocabulary, nullptr);
  }

 private:
  const float* floats(int64_t offset) const { return offset < 0 ? nullptr : reinterpret_cast<const float*>(packed_ + offset); }

  // Rows in tasks of at least some thousand elements.
  template <typename Body>
  void each_row(int64_t rows, int64_t width, const Body& body) {
    const auto size = std::max<int64_t>(1, std::max(4096 / width, rows / (8 * team_.threads())));
    team_.run((rows + size - 1) / size, [&](int64_t task, int) { body(task * size, std::min(rows, (task + 1) * size)); });
  }

  void norm(int64_t weight, const int32_t* index, int64_t rows) {
    const pr1::NormRows call{type_, shape_.hidden, x_stride_, normed_stride_, eps_, x_, floats(weight), index, normed_};
    each_row(rows, shape_.hidden, [&](int64_t begin, int64_t end) { k_.norm_rows(call, begin, end); });
  }

  void layer(int64_t i) {
    const auto& l = plan_.layers[i];
    const auto rows = t_.count;
    norm(l.input_norm, nullptr, rows);
    product(l.qkv, pr1::Product::kStore, rows, normed_, normed_stride_, qkv_, plan_.qkv_width, nullptr);
    const pr1::PlaceRows place{pool_, i, shape_.heads, plan_.qkv_width, plan_.k_offset, plan_.v_offset, mixed_stride_, eps_, qkv_, floats(l.q_norm), floats(l.k_norm),
                               cosine_, sine_, t_.positions, t_.rows, q_};
    each_row(rows, plan_.qkv_width, [&](int64_t begin, int64_t end) { k_.place_rows(place, begin, end); });
    attention(i);
    product(l.o, pr1::Product::kAddTo, rows, mixed_, mixed_stride_, x_, x_stride_, nullptr);
    norm(l.post_norm, nullptr, rows);
    product(l.gate_up, pr1::Product::kGated, rows, normed_, normed_stride_, nullptr, gated_stride_, gated_);
    product(l.down, pr1::Product::kAddTo, rows, gated_, gated_stride_, x_, x_stride_, nullptr);
  }

  void product(const Matrix& m, pr1::Product what, int64_t rows, const char* a, int64_t a_stride, float* out, int64_t out_stride, void* operand) {
    const pr1::PanelProduct call{type_, what, amx_, m.padded_k, a_stride, out_stride, what == pr1::Product::kLogits ? shape_.vocabulary : 0, a, packed_ + m.offset,
                                 floats(m.bias), out, operand};
    // Tasks of up to four panels and of whole tiles of rows; enough of them that threads end together, none too small to be worth taking.
    const auto row_step = rows <= 64 ? rows : std::max<int64_t>(32, round_up(rows / (2 * team_.threads()), 32));
    const auto row_tasks = (rows + row_step - 1) / row_step;
    int64_t panel_step = 4;
    while (panel_step > 2 && (m.panels + panel_step - 1) / panel_step * row_tasks < 6 * team_.threads())
      panel_step /= 2;
    while (panel_step < 64 && m.panels * row_tasks / panel_step > 64 * team_.threads() && panel_step * m.padded_k * row_step * plan_.lanes < 1 << 21)
      panel_step *= 2;
    const auto panel_tasks = (m.panels + panel_step - 1) / panel_step;
    const auto run = k_.panel_product;
    team_.run(panel_tasks * row_tasks, [&](int64_t task, int) {
      const auto panel = task / row_tasks * panel_step, row = task % row_tasks * row_step;
      run(call, {panel, std::min(m.panels, panel + panel_step), row, std::min(rows, row + row_step)});
    });
  }

  void attention(int64_t layer) {
    const pr1::PageAttention call{pool_, layer, shape_.heads, mixed_stride_, mixed_stride_, 1 / std::sqrt(static_cast<double>(shape_.depth)), q_, t_.first, t_.ranges, mixed_, nullptr};
    const auto heads = shape_.kv_heads, group = shape_.heads / heads, depth = shape_.depth, stride = round_up(groups_.most_entries + 2 * plan_.lanes, 16);
    const auto groups = static_cast<int64_t>(groups_.tasks.size());
    const auto with_head = [&](int64_t task) {
      auto result = groups_.tasks[task / heads];
      result.head = static_cast<int32_t>(task % heads);
      return result;
    };
    constexpr int64_t kRangesOfTask = 8;
    if (team_.threads() > 1 && groups * heads < 4 * team_.threads() && groups_.most_ranges > 2 * kRangesOfTask && groups_.most_rows == 1) {
      // Few sequences, each long: threads share the pages of a row for the scores, and its depth for the values.
      const auto splits = (groups_.most_ranges + kRangesOfTask - 1) / kRangesOfTask, parts = (depth + pr1::kPartOfDepth - 1) / pr1::kPartOfDepth, size = group * stride;
      auto* scores = space_.get<float>("scores", groups * heads * size);
      auto* totals = space_.get<float>("totals", groups * heads * group);
      const auto sums_size = round_up(group * 2 * depth, 64);
      auto* sums = space_.get<float>("sums", sums_size * team_.slots());
      team_.run(groups * heads * splits, [&](int64_t task, int) {
        const auto of = with_head(task / splits);
        const int64_t count = t_.first[of.row + 1] - t_.first[of.row], begin = task % splits * kRangesOfTask;
        if (begin < count)
          k_.page_scores(call, of, begin, std::min(count, begin + kRangesOfTask), scores + task / splits * size, stride);
      });
      team_.run(groups * heads, [&](int64_t task, int) { k_.page_weights(call, with_head(task), scores + task * size, stride, totals + task * group); });
      team_.run(groups * heads * parts, [&](int64_t task, int thread) {
        k_.page_values(call, with_head(task / parts), task % parts, scores + task / parts * size, stride, totals + task / parts * group, sums + thread * sums_size);
      });
      return;
    }
    const auto scratch_size = round_up(groups_.most_rows * group * (stride + 2 * depth + 1), 64);
    auto* scratch = space_.get<float>("scratch", scratch_size * team_.slots());
    team_.run(groups * heads, [&](int64_t task, int thread) { k_.page_attention(call, with_head(task), scratch + thread * scratch_size, stride); });
  }

  const Plan& plan_;
  const Shape& shape_;
  const char* packed_;
  const void* embedding_;
  double eps_;
  const float *cosine_, *sine_;
  pr1::PagePool pool_;
  StepTables t_;
  bool amx_;
  Workspace& space_;
  Team& team_;
  const pr1::Kernels& k_;
  pr1::Type type_;
  int64_t operand_bytes_, x_stride_ = 0, normed_stride_ = 0, mixed_stride_ = 0, gated_stride_ = 0;
  float *x_ = nullptr, *qkv_ = nullptr;
  char *normed_ = nullptr, *q_ = nullptr, *mixed_ = nullptr, *gated_ = nullptr;
  pr1::PageGroups groups_;
};

const int32_t* table(const Tensor& tensor, int64_t count, const char* name) {
  TORCH_CHECK(tensor.scalar_type() == at::kInt && tensor.device().is_cpu() && tensor.is_contiguous() && (count < 0 || tensor.numel() == count), "decoder_step: ", name,
              " is int32 on the CPU", count < 0 ? "" : ", one for each row", "; found ", tensor.scalar_type(), " ", tensor.sizes());
  return tensor.data_ptr<int32_t>();
}

void check_values(const int32_t* values, int64_t count, int64_t end, const char* name) {
  for (int64_t i = 0; i < count; i++)
    TORCH_CHECK(values[i] >= 0 && values[i] < end, "decoder_step: ", name, " ", values[i], " is not in 0 .. ", end - 1);
}

// One step. `pool` [pages, layers, 2, kv_heads, page * depth]; for each row a token, its position (a row of cosine and sine), the pool's row (page * page size +
// entry) that its keys and values go to, and the ranges [start, count] of the pool that it sees, from first[row] to first[row + 1], its own entry among them;
// none crosses a page. Gives logits [wanted, vocabulary] of the rows `wanted`.
Tensor decoder_step(const Tensor& packed, const Tensor& embedding, at::IntArrayRef sizes, double eps, const Tensor& cosine, const Tensor& sine, Tensor pool, const Tensor& tokens,
                    const Tensor& positions, const Tensor& rows, const Tensor& first, const Tensor& ranges, const Tensor& wanted, bool amx) {
  at::AutoDispatchBelowADInplaceOrView guard;
  const Plan plan(Shape(sizes), checked_dtype(embedding));
  const auto& shape = plan.shape;
  const auto header = plan.header();
  TORCH_CHECK(packed.scalar_type() == at::kByte && packed.device().is_cpu() && packed.is_contiguous() && packed.numel() == plan.bytes &&
                  std::memcmp(packed.data_ptr(), header.data(), sizeof header) == 0,
              "decoder_step: the weights were packed for another decoder or level of processor");
  TORCH_CHECK(embedding.device().is_cpu() && embedding.is_contiguous() && embedding.dim() == 2 && embedding.size(0) == shape.vocabulary && embedding.size(1) == shape.hidden,
              "decoder_step: the embedding is [", shape.vocabulary, ", ", shape.hidden, "] on the CPU; found ", embedding.sizes());
  TORCH_CHECK(cosine.scalar_type() == at::kFloat && sine.scalar_type() == at::kFloat && cosine.device().is_cpu() && sine.device().is_cpu() && cosine.is_contiguous() &&
                  sine.is_contiguous() && cosine.dim() == 2 && cosine.sizes() == sine.sizes() && cosine.size(1) * 2 == shape.depth,
              "decoder_step: cosine and sine are float32 [positions, ", shape.depth / 2, "]; found ", cosine.sizes(), ", ", sine.sizes());
  TORCH_CHECK(pool.device().is_cpu() && pool.is_contiguous() && pool.scalar_type() == plan.dtype && pool.dim() == 5 && pool.size(1) == shape.layers && pool.size(2) == 2 &&
                  pool.size(3) == shape.kv_heads && pool.size(4) % shape.depth == 0,
              "decoder_step: the pool is [pages, ", shape.layers, ", 2, ", shape.kv_heads, ", page * ", shape.depth, "] of the weights' dtype; found ", pool.sizes());
  const auto page = pool.size(4) / shape.depth, entries = pool.size(0) * page, count = tokens.numel();
  TORCH_CHECK(page % 16 == 0 && page <= 64 && page > 0, "decoder_step: a page holds 16, 32, 48 or 64 entries, not ", page);
  TORCH_CHECK(ranges.dim() == 2 && ranges.size(1) == 2, "decoder_step: ranges are [ranges, 2]: start, count");
  const StepTables tables{table(tokens, count, "tokens"), table(positions, count, "positions"), table(rows, count, "rows"), table(first, count + 1, "first"),
                          table(wanted, -1, "wanted"), reinterpret_cast<const pr1::PageRange*>(table(ranges, -1, "ranges")), count, wanted.numel()};
  check_values(tables.tokens, count, shape.vocabulary, "token");
  check_values(tables.positions, count, cosine.size(0), "position");
  check_values(tables.rows, count, entries, "row");
  check_values(tables.wanted, tables.wanted_count, count, "wanted row");
  TORCH_CHECK(tables.wanted_count <= count, "decoder_step: ", tables.wanted_count, " wanted rows of ", count);
  TORCH_CHECK(tables.first[0] == 0 && tables.first[count] == ranges.size(0), "decoder_step: first must cover all ranges");
  for (int64_t n = 0; n < count; n++) {
    TORCH_CHECK(tables.first[n] < tables.first[n + 1] && tables.first[n + 1] <= ranges.size(0), "decoder_step: row ", n, " sees nothing");
    for (auto i = tables.first[n]; i < tables.first[n + 1]; i++) {
      const auto range = tables.ranges[i];
      TORCH_CHECK(range.start >= 0 && range.count > 0 && range.start + range.count <= entries && range.start % page + range.count <= page, "decoder_step: range ", i, ", ",
                  range.count, " entries from ", range.start, ", is empty, crosses a page or lies outside of the pool of ", entries);
    }
  }
  auto logits = at::empty({tables.wanted_count, shape.vocabulary}, at::kFloat);
  if (count == 0)
    return logits;
  auto& team = Team::instance();
  const Team::Hold hold(at::get_num_threads());
  static Workspace space;
  if (space.owner != header) {
    space.clear();
    space.owner = header;
  }
  const auto& kernels = pr1::kernels();
  const bool tiles = amx && plan.dtype == at::kBFloat16 && pr1::amx_here();
  const pr1::PagePool pages{pr1::storage(plan.dtype), page, shape.layers, shape.kv_heads, shape.depth, pool.data_ptr()};
  team.prepare(tiles ? kernels.configure_amx : nullptr);
  if (tiles)
    kernels.configure_amx(true);
  Step(plan, static_cast<const char*>(packed.data_ptr()), embedding.data_ptr(), eps, cosine.data_ptr<float>(), sine.data_ptr<float>(), pages, tables, tiles, space, team)
      .run(logits.data_ptr<float>());
  if (tiles)
    kernels.configure_amx(false);
  return logits;
}

// Copies `count` entries of the pool from row `from` on to row `to` on, in all layers; neither crosses a page.
void page_copy(Tensor pool, int64_t depth, int64_t from, int64_t to, int64_t count) {
  at::AutoDispatchBelowADInplaceOrView guard;
  TORCH_CHECK(pool.dim() == 5 && pool.is_contiguous() && pool.device().is_cpu() && depth > 0 && pool.size(4) % depth == 0, "page_copy: the pool is [pages, layers, 2, heads, page * ",
              depth, "] on the CPU; found ", pool.sizes());
  const auto page = pool.size(4) / depth, entries = pool.size(0) * page;
  TORCH_CHECK(from >= 0 && to >= 0 && count > 0 && from + count <= entries && to + count <= entries && from % page + count <= page && to % page + count <= page, "page_copy: ", count,
              " entries from ", from, " to ", to, " cross a page or lie outside of the pool of ", entries);
  const auto heads = pool.size(1) * 2 * pool.size(3), size = pool.element_size();
  const auto pair = pool.scalar_type() == at::kBFloat16 ? 2 : 1;
  auto* data = static_cast<char*>(pool.data_ptr());
  for (int64_t i = 0; i < heads; i++) {
    const bool keys = i / pool.size(3) % 2 == 0;
    const auto *source = data + (from / page * heads + i) * page * depth * size;
    auto* target = data + (to / page * heads + i) * page * depth * size;
    for (int64_t e = 0; e < count; e++) {
      const auto a = from % page + e, b = to % page + e;
      if (keys) {
        for (int64_t d = 0; d < depth; d += pair)
          std::memcpy(target + (d * page + b * pair) * size, source + (d * page + a * pair) * size, pair * size);
      } else {
        for (int64_t d = 0; d < depth; d++)
          std::memcpy(target + ((b / pair * depth + d) * pair + b % pair) * size, source + ((a / pair * depth + d) * pair + a % pair) * size, size);
      }
    }
  }
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(parallelr1, library) {
  library.def("decoder_pack(Tensor[] weights, int[] shape) -> Tensor", &decoder_pack);
  library.def("decoder_step(Tensor packed, Tensor embedding, int[] shape, float eps, Tensor cosine, Tensor sine, Tensor(a!) pool, Tensor tokens, Tensor positions, Tensor rows, "
              "Tensor first, Tensor ranges, Tensor wanted, bool amx=True) -> Tensor",
              &decoder_step);
  library.def("page_copy(Tensor(a!) pool, int depth, int start, int to, int count) -> ()", &page_copy);
}
