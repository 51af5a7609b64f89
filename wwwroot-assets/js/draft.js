// A service that somebody is adding to the catalogue, kept in this tab alone. It lapses as what is typed does (typed.js).
const store = 'opsconsole-draft';
const lapse = 15 * 60_000;

/** What was kept, as it was given; null where there is nothing, or it is too old. */
export function take() {
  try {
    const { text, until } = JSON.parse(sessionStorage.getItem(store)) ?? {};
    return until > Date.now() ? text : null;
  } catch { return null; }
}

/** Keeps a text in the place of the one before; null: nothing is kept any more. */
export function keep(text) {
  try {
    if (text === null) {
      sessionStorage.removeItem(store);
    } else {
      sessionStorage.setItem(store, JSON.stringify({ text, until: Date.now() + lapse }));
    }
  } catch { /* without storage it lasts as long as the page */ }
}
