//! Three-state settings and how layers of them combine.

/// One setting of one layer.
///
/// "Off" and "unset" differ: a call that switches the timeout off must not get the client's timeout back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Setting<T> {
    /// This layer says nothing; the layer below decides.
    #[default]
    Unset,
    /// Switched off here, whatever the layers below say.
    Off,
    /// This value, whatever the layers below say.
    Set(T),
}

impl<T> Setting<T> {
    /// This layer over the one below: what is unset here comes from there.
    #[must_use]
    pub fn overlay(self, below: Self) -> Self {
        match self {
            Setting::Unset => below,
            decided => decided,
        }
    }

    /// The value that holds when no layer is left but the default; `None` is off.
    pub fn resolve(self, default: Option<T>) -> Option<T> {
        match self {
            Setting::Unset => default,
            Setting::Off => None,
            Setting::Set(value) => Some(value),
        }
    }

    /// Whether this layer says nothing.
    pub fn is_unset(&self) -> bool {
        matches!(self, Setting::Unset)
    }
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Setting::Set(value)
    }
}

/// `None` switches off.
impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Setting::Off, Setting::Set)
    }
}

#[cfg(test)]
mod tests {
    use super::Setting::{self, Off, Set, Unset};

    #[test]
    fn the_upper_layer_wins_unless_it_is_unset() {
        #[track_caller]
        fn check(upper: Setting<u8>, below: Setting<u8>, merged: Setting<u8>) {
            assert_eq!(upper.overlay(below), merged);
        }
        check(Unset, Unset, Unset);
        check(Unset, Off, Off);
        check(Unset, Set(1), Set(1));
        check(Off, Set(1), Off);
        check(Off, Unset, Off);
        check(Set(2), Set(1), Set(2));
        check(Set(2), Off, Set(2));
    }

    #[test]
    fn only_unset_takes_the_default() {
        #[track_caller]
        fn check(setting: Setting<u8>, default: Option<u8>, resolved: Option<u8>) {
            assert_eq!(setting.resolve(default), resolved);
        }
        check(Unset, Some(9), Some(9));
        check(Unset, None, None);
        check(Off, Some(9), None);
        check(Set(1), Some(9), Some(1));
        check(Setting::from(3), None, Some(3));
        check(Setting::from(None), Some(9), None);
    }
}
