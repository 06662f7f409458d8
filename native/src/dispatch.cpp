// Operators by schema name through the c10 dispatcher: one function reaches every operator of the installed libtorch.
#include "abi.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include <mutex>
#include <unordered_map>

namespace {

enum Kind : int32_t {
  kNone = 0, kTensor = 1, kInt = 2, kDouble = 3, kBool = 4, kIntList = 5, kTensorList = 6, kString = 7, kDoubleList = 8,
};

// One argument. `name` null: by position. Lists: `pointer` and `length`.
struct Argument {
  const char* name;
  int32_t kind;
  int32_t length;
  union {
    int64_t integer;
    double number;
    const void* pointer;
  };
};

struct Operator {
  c10::OperatorHandle handle;
  std::string name;
};

c10::IValue scalar_for(const c10::Argument& formal, const Argument& given) {
  const auto kind = formal.type()->kind();
  const auto inner = kind == c10::TypeKind::OptionalType
      ? formal.type()->castRaw<c10::OptionalType>()->getElementType()->kind()
      : kind;
  if (inner == c10::TypeKind::FloatType && given.kind == kInt)
    return static_cast<double>(given.integer);
  if (inner == c10::TypeKind::BoolType && given.kind == kInt)
    return given.integer != 0;
  if (inner == c10::TypeKind::DeviceObjType && given.kind == kString)
    return c10::Device(std::string(static_cast<const char*>(given.pointer), given.length));
  switch (given.kind) {
    case kInt: return given.integer;
    case kDouble: return given.number;
    case kBool: return given.integer != 0;
    default: return std::string(static_cast<const char*>(given.pointer), given.length);
  }
}

bool is_optional_tensor_list(const c10::Argument& formal) {
  const auto list = formal.type()->cast<c10::ListType>();
  return list && list->getElementType()->kind() == c10::TypeKind::OptionalType;
}

c10::IValue convert(const c10::Argument& formal, const Argument& given) {
  switch (given.kind) {
    case kNone:
      return {};
    case kTensor:
      return pr1::borrow(static_cast<pr1::Handle>(const_cast<void*>(given.pointer)));
    case kIntList: {
      const auto* items = static_cast<const int64_t*>(given.pointer);
      return std::vector<int64_t>(items, items + given.length);
    }
    case kDoubleList: {
      const auto* items = static_cast<const double*>(given.pointer);
      return std::vector<double>(items, items + given.length);
    }
    case kTensorList: {
      auto* const* items = static_cast<pr1::Handle const*>(given.pointer);
      if (is_optional_tensor_list(formal)) {
        c10::List<c10::optional<at::Tensor>> list;
        for (int32_t i = 0; i < given.length; i++)
          list.push_back(items[i] ? c10::optional<at::Tensor>(pr1::borrow(items[i])) : c10::optional<at::Tensor>());
        return list;
      }
      std::vector<at::Tensor> list;
      for (int32_t i = 0; i < given.length; i++)
        list.push_back(pr1::borrow(items[i]));
      return list;
    }
    default:
      return scalar_for(formal, given);
  }
}

int32_t find_formal(const c10::FunctionSchema& schema, const Argument& given, int32_t position) {
  const auto& formals = schema.arguments();
  if (given.name == nullptr) {
    TORCH_CHECK(position < static_cast<int32_t>(formals.size()), "takes ", formals.size(), " arguments");
    return position;
  }
  for (size_t i = 0; i < formals.size(); i++)
    if (formals[i].name() == given.name)
      return static_cast<int32_t>(i);
  TORCH_CHECK(false, "has no argument '", given.name, "'; its schema is ", schema);
}

void push(std::vector<pr1::Handle>& outputs, const c10::IValue& value) {
  if (value.isTensor()) {
    outputs.push_back(pr1::wrap(value.toTensor()));
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector())
      outputs.push_back(pr1::wrap(tensor));
  } else if (value.isNone()) {
    outputs.push_back(nullptr);
  } else if (value.isScalar()) {
    outputs.push_back(pr1::wrap(at::scalar_tensor(value.toScalar(), at::kDouble)));
  } else {
    TORCH_CHECK(false, "returned a ", value.tagKind(), ", which the binding cannot pass on");
  }
}

}  // namespace

// Looks an operator up by schema name and overload ("aten::add", "Tensor"). The handle lives as long as the process.
PR1_EXPORT int32_t pr1_op_find(const char* name, const char* overload, void** result) {
  return pr1::guard([&] {
    static std::mutex lock;
    static std::unordered_map<std::string, Operator*> known;
    const auto key = std::string(name) + "." + overload;
    std::lock_guard<std::mutex> hold(lock);
    auto found = known.find(key);
    if (found == known.end()) {
      auto schema = c10::Dispatcher::singleton().findSchema({name, overload});
      TORCH_CHECK(schema.has_value(), "this libtorch has no operator ", key);
      found = known.emplace(key, new Operator{*schema, key}).first;
    }
    *result = found->second;
  });
}

// Calls an operator. Missing arguments take the schema's defaults. At most `capacity` results are written to `outputs`.
PR1_EXPORT int32_t pr1_op_call(
    void* op, const Argument* arguments, int32_t count, pr1::Handle* outputs, int32_t capacity, int32_t* produced) {
  return pr1::guard([&] {
    const auto& handle = static_cast<Operator*>(op)->handle;
    const auto& schema = handle.schema();
    const auto& formals = schema.arguments();
    torch::jit::Stack stack(formals.size());
    c10::SmallVector<bool, 16> given(formals.size(), false);
    for (int32_t i = 0; i < count; i++) {
      const auto at = find_formal(schema, arguments[i], i);
      stack[at] = convert(formals[at], arguments[i]);
      given[at] = true;
    }
    for (size_t i = 0; i < formals.size(); i++) {
      if (given[i])
        continue;
      TORCH_CHECK(formals[i].default_value().has_value(), "needs the argument '", formals[i].name(), "'; its schema is ", schema);
      stack[i] = *formals[i].default_value();
    }

    handle.callBoxed(&stack);

    std::vector<pr1::Handle> results;
    for (const auto& value : stack)
      push(results, value);
    if (static_cast<int32_t>(results.size()) > capacity) {
      for (auto* result : results)
        pr1::borrow(result), c10::raw::intrusive_ptr::decref(result);
      TORCH_CHECK(false, "returned ", results.size(), " tensors, room for ", capacity);
    }
    std::copy(results.begin(), results.end(), outputs);
    *produced = static_cast<int32_t>(results.size());
  });
}
