#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

#include "daemon/config/node.hpp"

namespace millwright::daemon {
namespace {

// Ends the parse when a limit is reached; never leaves this file.
struct Stop {};

// Builds Nodes from yaml-cpp's events. The only place that knows yaml-cpp.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const std::string& file, const std::string& text, std::vector<Problem>& problems)
      : file_(file), text_(text), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node = at(mark);
    node.null = true;
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      problem(mark, "an alias stands inside what it names; write it out");
      add(at(mark), 0);
      return;
    }
    nodes_ += found->second.size;
    check_size(mark);
    add(found->second.node, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = at(mark);
    node.text = value;
    // yaml-cpp gives "!" for what stood in quotes or blocks, "?" for plain text.
    node.quoted = tag == "!";
    if (tag != "!" && tag != "?" && !tag.empty()) {
      problem(mark, "tag " + tag + " is not supported; take it out");
    }
    node.null = !node.quoted && (value.empty() || value == "~" || value == "null" ||
                                 value == "Null" || value == "NULL");
    to_content(mark, node);
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::size_t before = 0;  // nodes so far, when it began
    bool has_key = false;
    Member member;
  };
  struct Anchored {
    Node node;
    std::size_t size = 1;
  };

  Node at(const YAML::Mark& mark) {
    Node node;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void problem(const YAML::Mark& mark, std::string message) {
    problems_.push_back({file_, mark.line + 1, mark.column + 1, std::move(message)});
  }

  void check_size(const YAML::Mark& mark) {
    if (nodes_ <= yaml_limits::kNodes) return;
    problem(mark, "more than " + std::to_string(yaml_limits::kNodes) +
                      " values, aliases expanded; split the file or use fewer aliases");
    throw Stop{};
  }

  // The place of a scalar's first character: behind the quote, on the first line of a block.
  void to_content(const YAML::Mark& mark, Node& node) {
    const auto pos = std::size_t(mark.pos < 0 ? 0 : mark.pos);
    if (!node.quoted || pos >= text_.size()) return;
    if (text_[pos] == '"' || text_[pos] == '\'') {
      ++node.column;
      return;
    }
    if (text_[pos] != '|' && text_[pos] != '>') return;
    std::size_t line_start = text_.find('\n', pos);
    while (line_start != std::string::npos) {
      ++line_start;
      ++node.line;
      const std::size_t first = text_.find_first_not_of(' ', line_start);
      if (first == std::string::npos) return;
      if (text_[first] != '\n' && text_[first] != '\r') {
        node.column = int(first - line_start) + 1;
        return;
      }
      line_start = text_.find('\n', line_start);
    }
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    if (tag != "?" && tag != "!" && !tag.empty()) {
      problem(mark, "tag " + tag + " is not supported; take it out");
    }
    if (stack_.size() >= yaml_limits::kDepth) {
      problem(mark, "nested deeper than " + std::to_string(yaml_limits::kDepth) + "; flatten it");
      throw Stop{};
    }
    Open open;
    open.node = at(mark);
    open.node.kind = kind;
    open.anchor = anchor;
    open.before = nodes_;
    stack_.push_back(std::move(open));
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = {done.node, nodes_ - done.before + 1};
    add(std::move(done.node), 0);
  }

  void add(Node node, YAML::anchor_t anchor) {
    ++nodes_;
    YAML::Mark mark;
    mark.line = node.line - 1;
    mark.column = node.column - 1;
    check_size(mark);
    if (anchor != 0) anchors_[anchor] = {node, 1};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.kind == Node::Kind::kList) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      add_key(top, node, mark);
    } else {
      top.member.value = std::move(node);
      top.node.members.push_back(std::move(top.member));
      top.member = Member();
      top.has_key = false;
    }
  }

  void add_key(Open& top, const Node& node, const YAML::Mark& mark) {
    top.has_key = true;
    top.member.line = node.line;
    top.member.column = node.column;
    top.member.name = node.text;
    if (node.kind != Node::Kind::kScalar) {
      problem(mark, "a key must be a word, not a list or a map");
    } else if (node.text == "<<" && !node.quoted) {
      problem(mark, "merge keys (<<) are not supported; write the members out");
    } else if (const Node* before = top.node.find(node.text)) {
      problem(mark, "key '" + node.text + "' is there twice, first near line " +
                        std::to_string(before->line) + "; keep one");
    }
  }

  const std::string& file_;
  const std::string& text_;
  std::vector<Problem>& problems_;
  Node root_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
};

// What most often stands behind one of yaml-cpp's complaints.
struct Hint {
  std::string_view complaint;
  std::string_view hint;
};
constexpr Hint kHints[] = {
    {"tab", "; indent with blanks, not with tabs"},
    {"illegal map value",
     "; a value with ': ' in it stands in double quotes, or after >- on lines of its own; or this "
     "line is indented unlike those above it"},
    {"end of map flow",
     "; inside { } a value with a comma, a brace or ' ?' in it stands in double quotes"},
    {"end of sequence flow",
     "; inside [ ] a value with a comma or a bracket in it stands in double quotes"},
    {"end of map",
     "; lines of one map begin in the same column, and a value that begins with a quote ends with "
     "it: put all of it in double quotes"},
    {"end of sequence", "; the dashes of one list stand in the same column"},
};

std::string yaml_hint(const std::string& complaint) {
  for (const Hint& each : kHints) {
    if (complaint.find(each.complaint) != std::string::npos) return std::string(each.hint);
  }
  return "";
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  for (const Member& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Node parse_yaml(const std::string& file, const std::string& text, std::vector<Problem>& problems) {
  if (text.size() > yaml_limits::kFileBytes) {
    problems.push_back(
        {file, 0, 0,
         "is larger than " + std::to_string(yaml_limits::kFileBytes) + " bytes; split it"});
    return {};
  }
  Builder builder(file, text, problems);
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) {
      problems.push_back({file, 1, 1, "is empty; a map is expected"});
      return {};
    }
    Node root = builder.take();
    if (parser) {
      problems.push_back({file, 0, 0, "holds more than one document (---); keep one in a file"});
    }
    return root;
  } catch (const Stop&) {
    return {};
  } catch (const YAML::Exception& e) {
    problems.push_back(
        {file, e.mark.line + 1, e.mark.column + 1, "is not YAML: " + e.msg + yaml_hint(e.msg)});
    return {};
  }
}

}  // namespace millwright::daemon
