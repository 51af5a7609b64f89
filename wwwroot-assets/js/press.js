// A double click is one press. The second click comes when another button may stand in the place of the first already, or before the page knows that it was pressed.
document.addEventListener('click', event => {
  if (event.detail > 1 && event.target.closest?.('button.go, button.stop')) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
