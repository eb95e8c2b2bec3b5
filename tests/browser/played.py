"""A push subscription for a browser that has no push service, as Debian's Chromium."""

import json
from collections.abc import Mapping

#: The page's subscription, as a push service would have given it; and an ear for any sound.
PLAYED = """(() => {
  const told = %s, kept = "played";
  const made = () => ({
    endpoint: told.endpoint,
    options: { applicationServerKey: null },
    toJSON: () => ({ endpoint: told.endpoint, keys: { p256dh: told.p256dh, auth: told.auth } }),
    unsubscribe: async () => { localStorage.removeItem(kept); return true; },
  });
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 87) throw new TypeError("refused");
    localStorage.setItem(kept, "yes");
    return made();
  };
  PushManager.prototype.getSubscription = async () => localStorage.getItem(kept) ? made() : null;
  window.sounds = 0;
  const heard = () => { window.sounds += 1; return Promise.resolve(); };
  HTMLMediaElement.prototype.play = heard;
  window.AudioContext = class { constructor() { heard(); } };
  speechSynthesis.speak = heard;
})();"""


def played_by(told: Mapping[str, str]) -> str:
    """A script that gives every page this subscription once it asks for one."""
    return PLAYED % json.dumps(dict(told))
