// A button with data-copy puts the text of the element it names on the clipboard, and says so; where the browser refuses, the text is selected instead.
const shown = 2000;

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) { return; }
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = label; }, shown);
}

document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-copy]');
  if (button && (button.textContent !== 'Copied' && button.textContent !== 'Selected')) { copy(button); }
});
