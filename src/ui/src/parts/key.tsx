// The hint at a key, for people who see the keys; whoever listens hears the button's own name.

export function Key({ name }: { name: string }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus
    <kbd aria-hidden="true">{name}</kbd>
  );
}
