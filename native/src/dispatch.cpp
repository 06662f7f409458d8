// Operators by schema name through the c10 dispatcher: one function reaches every operator of the installed libtorch.
#include "abi.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ATen/core/Generator.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <torch/version.h>

#include <mutex>
#include <unordered_map>

namespace {

enum Kind : int32_t {
  kNone = 0, kTensor = 1, kInt = 2, kDouble = 3, kBool = 4, kIntList = 5, kTensorList = 6, kString = 7, kDoubleList = 8, kBoolList = 9, kGenerator = 10,
};

constexpr const char* kKinds[] = {
    "none", "a tensor", "an integer", "a number", "a truth value", "a list of integers", "a list of tensors", "a text", "a list of numbers",
    "a list of truth values", "a generator",
};

// One argument. `name` null: by position. Lists and texts: `pointer` and `length`.
struct Argument {
  const char* name;
  int32_t kind;
  int32_t length;
  union {
    int64_t integer;
    double number;
    const void* pointer;
  };

  template <typename T>
  c10::ArrayRef<T> items() const { return {static_cast<const T*>(pointer), static_cast<size_t>(length)}; }
};

struct Operator {
  c10::OperatorHandle handle;
  std::string name;
};

// The results of a call until the caller has them.
struct Results {
  std::vector<pr1::Handle> handles;

  ~Results() {
    for (auto* handle : handles)
      pr1::release(handle);
  }
};

[[noreturn]] void refuse(const c10::FunctionSchema& schema, const c10::Argument& formal, const Argument& given) {
  TORCH_CHECK(false, "the argument '", formal.name(), "' is ", *formal.type(), ", not ", kKinds[given.kind], "; the schema is ", schema);
  abort();
}

template <typename To, typename From>
c10::List<To> list_of(c10::ArrayRef<From> items) {
  c10::List<To> list;
  list.reserve(items.size());
  for (const auto& item : items)
    list.push_back(static_cast<To>(item));
  return list;
}

// A list as the schema's element type asks for it; false where it does not fit.
bool convert_list(c10::TypeKind element, const Argument& given, c10::IValue& value) {
  using c10::TypeKind;
  switch (given.kind) {
    case kIntList:
      if (element == TypeKind::IntType || element == TypeKind::SymIntType)
        value = given.items<int64_t>().vec();
      else if (element == TypeKind::FloatType)
        value = list_of<double>(given.items<int64_t>());
      else if (element == TypeKind::NumberType)
        value = list_of<at::Scalar>(given.items<int64_t>());
      else
        return false;
      return true;
    case kDoubleList:
      if (element == TypeKind::FloatType)
        value = given.items<double>().vec();
      else if (element == TypeKind::NumberType)
        value = list_of<at::Scalar>(given.items<double>());
      else
        return false;
      return true;
    case kBoolList:
      if (element != TypeKind::BoolType)
        return false;
      value = list_of<bool>(given.items<uint8_t>());
      return true;
    case kTensorList: {
      const auto items = given.items<pr1::Handle>();
      if (element == TypeKind::OptionalType) {
        c10::List<c10::optional<at::Tensor>> list;
        for (auto* item : items)
          list.push_back(item ? c10::optional<at::Tensor>(pr1::borrow(item)) : c10::optional<at::Tensor>());
        value = list;
        return true;
      }
      if (element != TypeKind::TensorType)
        return false;
      std::vector<at::Tensor> list;
      for (auto* item : items) {
        TORCH_CHECK(item != nullptr, "element ", list.size(), " of the list of tensors is none");
        list.push_back(pr1::borrow(item));
      }
      value = list;
      return true;
    }
    default:
      return false;
  }
}

// The value that the schema asks for. Types that are not spelled out here are passed as they are.
bool convert(const c10::Type& wanted, const Argument& given, c10::IValue& value) {
  using c10::TypeKind;
  const auto kind = wanted.kind();
  if (kind == TypeKind::ListType)
    return convert_list(wanted.castRaw<c10::ListType>()->getElementType()->kind(), given, value);
  const bool any = kind == TypeKind::VarType || kind == TypeKind::AnyType;
  switch (given.kind) {
    case kTensor:
      value = pr1::borrow(static_cast<pr1::Handle>(const_cast<void*>(given.pointer)));
      return any || kind == TypeKind::TensorType;
    case kInt:
      if (kind == TypeKind::FloatType)
        value = static_cast<double>(given.integer);
      else if (kind == TypeKind::BoolType)
        value = given.integer != 0;
      else
        value = given.integer;
      return kind != TypeKind::TensorType && kind != TypeKind::StringType && kind != TypeKind::DeviceObjType && kind != TypeKind::GeneratorType;
    case kDouble:
      value = given.number;
      return any || kind == TypeKind::FloatType || kind == TypeKind::NumberType;
    case kBool:
      if (kind == TypeKind::IntType || kind == TypeKind::SymIntType)
        value = given.integer;
      else
        value = given.integer != 0;
      return any || kind == TypeKind::BoolType || kind == TypeKind::NumberType || kind == TypeKind::IntType || kind == TypeKind::SymIntType;
    case kString: {
      std::string text(static_cast<const char*>(given.pointer), given.length);
      if (kind == TypeKind::DeviceObjType)
        value = c10::Device(text);
      else
        value = std::move(text);
      return any || kind == TypeKind::StringType || kind == TypeKind::DeviceObjType;
    }
    case kGenerator:
      value = *static_cast<const at::Generator*>(given.pointer);
      return any || kind == TypeKind::GeneratorType;
    default:
      return false;
  }
}

c10::IValue convert(const c10::FunctionSchema& schema, const c10::Argument& formal, const Argument& given) {
  const c10::Type* wanted = formal.type().get();
  const auto* optional = wanted->castRaw<c10::OptionalType>();
  c10::IValue value;
  if (given.kind == kNone) {
    if (optional == nullptr)
      refuse(schema, formal, given);
    return value;
  }
  if (optional != nullptr)
    wanted = optional->getElementType().get();
  if (!convert(*wanted, given, value))
    refuse(schema, formal, given);
  return value;
}

int32_t find_formal(const c10::FunctionSchema& schema, const Argument& given, int32_t position) {
  const auto& formals = schema.arguments();
  if (given.name == nullptr) {
    TORCH_CHECK(position < static_cast<int32_t>(formals.size()), "takes ", formals.size(), " arguments at most; the schema is ", schema);
    return position;
  }
  for (size_t i = 0; i < formals.size(); i++)
    if (formals[i].name() == given.name)
      return static_cast<int32_t>(i);
  TORCH_CHECK(false, "has no argument '", given.name, "'; the schema is ", schema);
}

void push(Results& results, const c10::IValue& value) {
  auto& handles = results.handles;
  if (value.isTensor()) {
    handles.push_back(pr1::wrap(value.toTensor()));
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector())
      handles.push_back(pr1::wrap(tensor));
  } else if (value.isNone()) {
    handles.push_back(nullptr);
  } else if (value.isIntList()) {
    handles.push_back(pr1::wrap(at::tensor(value.toIntVector(), at::kLong)));
  } else if (value.isScalar()) {
    const auto scalar = value.toScalar();
    handles.push_back(pr1::wrap(at::scalar_tensor(scalar, scalar.type())));
  } else {
    TORCH_CHECK(false, "returned a ", value.tagKind(), ", which the binding cannot pass on");
  }
}

// What to say of an operator that is not there: the overloads that are.
std::string absent(const std::string& name, const std::string& overload) {
  std::string others;
  for (const auto& known : c10::Dispatcher::singleton().getAllOpNames())
    if (known.name == name)
      others += (others.empty() ? "" : ", ") + (known.overload_name.empty() ? name : name + "." + known.overload_name);
  const auto asked = overload.empty() ? name : name + "." + overload;
  return "libtorch " TORCH_VERSION " has no operator " + asked + (others.empty() ? "" : "; it has " + others);
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
      TORCH_CHECK(schema.has_value(), absent(name, overload));
      found = known.emplace(key, new Operator{*schema, key}).first;
    }
    *result = found->second;
  });
}

// Calls an operator. Missing arguments take the schema's defaults. Up to `capacity` results are written to `outputs`; if there are
// more, all of them to `*more`, which the caller frees.
namespace {

// .NET turns a signal into a NullReferenceException on a stack of its own, sized for the registers that it knows. Once oneDNN has asked for
// the matrix units (AMX), the frame that the kernel puts there is 8 KB larger on threads that use them, and the handler runs into the guard
// page: the process ends. So a thread that computes gets a larger one, laid out as .NET's (a guard page before it), which frees it.
struct SignalStack {
  SignalStack() {
    constexpr size_t kSize = 128 << 10;
    stack_t now;
    if (sigaltstack(nullptr, &now) != 0 || (now.ss_flags & (SS_DISABLE | SS_ONSTACK)) != 0 || now.ss_size >= kSize)
      return;
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    auto* memory = static_cast<char*>(mmap(nullptr, kSize + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0));
    if (memory == MAP_FAILED)
      return;
    stack_t wide{};
    wide.ss_sp = memory + page;
    wide.ss_size = kSize;
    if (mprotect(memory, page, PROT_NONE) != 0 || sigaltstack(&wide, nullptr) != 0)
      munmap(memory, kSize + page);
  }
};

}  // namespace

PR1_EXPORT int32_t pr1_op_call(
    void* op, const Argument* arguments, int32_t count, pr1::Handle* outputs, int32_t capacity, int32_t* produced, pr1::Handle** more) {
  thread_local const SignalStack signal_stack;
  (void)signal_stack;
  return pr1::guard([&] {
    const auto& handle = static_cast<Operator*>(op)->handle;
    const auto& schema = handle.schema();
    const auto& formals = schema.arguments();
    torch::jit::Stack stack(formals.size());
    c10::SmallVector<bool, 16> given(formals.size(), false);
    for (int32_t i = 0; i < count; i++) {
      const auto at = find_formal(schema, arguments[i], i);
      TORCH_CHECK(!given[at], "the argument '", formals[at].name(), "' is given twice; the schema is ", schema);
      stack[at] = convert(schema, formals[at], arguments[i]);
      given[at] = true;
    }
    for (size_t i = 0; i < formals.size(); i++) {
      if (given[i])
        continue;
      TORCH_CHECK(formals[i].default_value().has_value(), "needs the argument '", formals[i].name(), "'; the schema is ", schema);
      stack[i] = *formals[i].default_value();
    }

    handle.callBoxed(&stack);

    Results results;
    for (const auto& value : stack)
      push(results, value);
    const auto size = results.handles.size();
    *more = size > static_cast<size_t>(capacity) ? new pr1::Handle[size] : nullptr;
    std::copy(results.handles.begin(), results.handles.end(), *more ? *more : outputs);
    *produced = static_cast<int32_t>(size);
    results.handles.clear();
  });
}

PR1_EXPORT void pr1_results_free(pr1::Handle* more) { delete[] more; }
