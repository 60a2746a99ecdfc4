/// What puts something around a model, and its name before the names of all tensors that are saved then.
enum TensorWrapper: String, CaseIterable {
  /// `torch.compile`.
  case compiled = "_orig_mod."
  /// PEFT: the matrices lie apart from what was learned beside them.
  case adapted = "base_model.model."
  /// `DataParallel` and `DistributedDataParallel`.
  case parallel = "module."

  /// What to do about a tensor whose name begins with that of a wrapper, else what to do about any; begins with a colon.
  static func wayOut(_ tensor: String, _ language: Language) -> String {
    switch allCases.first(where: { tensor.hasPrefix($0.rawValue) }) {
    case .compiled:
      language(
        "，前面的 _orig_mod. 是 torch.compile 加的：请在 Python 里保存 model._orig_mod.save_pretrained(…)，而不是 model.save_pretrained(…)",
        ", and its _orig_mod. comes from torch.compile: in Python save model._orig_mod.save_pretrained(…) in place of model.save_pretrained(…)"
      )
    case .adapted:
      language(
        "，前面的 base_model.model. 是 PEFT（LoRA）加的：请在 Python 里合并后再保存：model.merge_and_unload().save_pretrained(…)",
        ", and its base_model.model. comes from PEFT (LoRA): in Python merge before saving: model.merge_and_unload().save_pretrained(…)"
      )
    case .parallel:
      language(
        "，前面的 module. 是 DataParallel 加的：请在 Python 里保存 model.module.save_pretrained(…)",
        ", and its module. comes from DataParallel: in Python save model.module.save_pretrained(…)")
    case nil:
      language("：请用与 config.json 配套的权重", ": use the weights that belong to this config.json")
    }
  }
}
