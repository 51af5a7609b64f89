// The text area of a policy: Tab indents, Esc and then Tab leaves; the line numbers scroll with the text; a fault in the list goes to its line.
const known = new WeakSet();

export function begin(area, gutter) {
  if (!area || known.has(area)) { return; }
  known.add(area);
  let leaving = false;
  area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; }, { passive: true });
  area.addEventListener('blur', () => { leaving = false; });
  area.addEventListener('keydown', event => {
    if (event.key === 'Tab' && !event.shiftKey && !leaving && !area.readOnly) {
      event.preventDefault();
      // Kept in the browser's own undo history, and told to the page like any typing.
      document.execCommand('insertText', false, '  ');
    }
    leaving = event.key === 'Escape';
  });
}

export function jump(area, line, column) {
  const lines = area.value.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const from = Math.min(before + column - 1, area.value.length);
  area.focus();
  area.setSelectionRange(from, before + (lines[line - 1]?.length ?? 0));
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (line - 4) * height);
  area.scrollIntoView({ block: 'nearest' });
}
