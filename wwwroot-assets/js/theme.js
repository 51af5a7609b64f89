// Sets the theme before the first paint, remembers the choice, and follows the system where that was chosen.
// A classic script on purpose: modules run too late to avoid a flash.
(() => {
  const choices = ['system', 'light', 'dark'];
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
  let choice = choices.includes(stored()) ? stored() : 'system';

  function apply() {
    document.documentElement.dataset.theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    for (const name of document.querySelectorAll('[data-theme-name]')) {
      if (name.firstChild) { name.firstChild.nodeValue = choice; }
    }
    document.dispatchEvent(new CustomEvent('themechange'));
  }

  apply();
  dark.addEventListener('change', apply);
  document.addEventListener('DOMContentLoaded', () => {
    apply();
    new MutationObserver(() => {
      const name = document.querySelector('[data-theme-name]');
      if (name?.firstChild && name.firstChild.nodeValue !== choice) { name.firstChild.nodeValue = choice; }
    }).observe(document.body, { childList: true });
  });
  document.addEventListener('click', event => {
    if (!event.target.closest?.('[data-theme-toggle]')) { return; }
    choice = choices[(choices.indexOf(choice) + 1) % choices.length];
    try { localStorage.setItem('theme', choice); } catch { /* not remembered where storage is off */ }
    apply();
  });
})();
