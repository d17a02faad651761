#pragma once
// PersistentMap<K, V>: an ordered map whose copies cost one pointer and whose changes copy one path
// (O(log n)), so that a snapshot of 100 000 tasks can be taken at every commit. A value type; any
// number of threads may read copies that share nodes. Iteration is in key order.
//
// A treap whose priorities are hashes of the key: the shape depends on the keys alone, not on the
// order in which they came (Seidel, Aragon 1996).

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "millwright/base/id.hpp"

namespace millwright {

template <class K, class V>
class PersistentMap {
  struct Node;
  using Link = std::shared_ptr<const Node>;
  struct Node {
    K key;
    V value;
    std::uint64_t priority;
    Link left;
    Link right;
  };

 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  // The value, or null; valid as long as any copy of this map that holds it.
  [[nodiscard]] const V* find(const K& key) const {
    const Node* node = root_.get();
    while (node != nullptr) {
      if (key < node->key) {
        node = node->left.get();
      } else if (node->key < key) {
        node = node->right.get();
      } else {
        return &node->value;
      }
    }
    return nullptr;
  }

  // Inserts or replaces.
  void set(K key, V value) {
    if (find(key) == nullptr) ++size_;
    const std::uint64_t priority = mix(std::hash<K>{}(key));
    root_ = insert(root_, std::move(key), std::move(value), priority);
  }

  // True if the key was there.
  bool erase(const K& key) {
    if (find(key) == nullptr) return false;
    root_ = remove(root_, key);
    --size_;
    return true;
  }

  // Calls visit(key, value) in key order; stops when it returns false.
  template <class Visit>
  void for_each(Visit&& visit) const {
    walk(root_.get(), visit);
  }

  // From the first key not before `from`, in key order, until visit returns false.
  template <class Visit>
  void for_each_from(const K& from, Visit&& visit) const {
    walk_from(root_.get(), from, visit);
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  static Link make(const Node& like, Link left, Link right) {
    return std::make_shared<const Node>(
        Node{like.key, like.value, like.priority, std::move(left), std::move(right)});
  }

  static bool above(const Node& a, const Node& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.key < b.key;
  }

  static Link insert(const Link& at, K key, V value, std::uint64_t priority) {
    if (at == nullptr) {
      return std::make_shared<const Node>(
          Node{std::move(key), std::move(value), priority, nullptr, nullptr});
    }
    if (key < at->key) {
      Link left = insert(at->left, std::move(key), std::move(value), priority);
      if (!above(*left, *at)) return make(*at, std::move(left), at->right);
      return make(*left, left->left, make(*at, left->right, at->right));
    }
    if (at->key < key) {
      Link right = insert(at->right, std::move(key), std::move(value), priority);
      if (!above(*right, *at)) return make(*at, at->left, std::move(right));
      return make(*right, make(*at, at->left, right->left), right->right);
    }
    return std::make_shared<const Node>(
        Node{std::move(key), std::move(value), priority, at->left, at->right});
  }

  static Link merge(const Link& left, const Link& right) {
    if (left == nullptr) return right;
    if (right == nullptr) return left;
    if (above(*left, *right)) return make(*left, left->left, merge(left->right, right));
    return make(*right, merge(left, right->left), right->right);
  }

  static Link remove(const Link& at, const K& key) {
    if (key < at->key) return make(*at, remove(at->left, key), at->right);
    if (at->key < key) return make(*at, at->left, remove(at->right, key));
    return merge(at->left, at->right);
  }

  template <class Visit>
  static bool walk(const Node* node, Visit& visit) {
    if (node == nullptr) return true;
    return walk(node->left.get(), visit) && visit(node->key, node->value) &&
           walk(node->right.get(), visit);
  }

  template <class Visit>
  static bool walk_from(const Node* node, const K& from, Visit& visit) {
    if (node == nullptr) return true;
    if (node->key < from) return walk_from(node->right.get(), from, visit);
    return walk_from(node->left.get(), from, visit) && visit(node->key, node->value) &&
           walk(node->right.get(), visit);
  }

  Link root_;
  std::size_t size_ = 0;
};

}  // namespace millwright
