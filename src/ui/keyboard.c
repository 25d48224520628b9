/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "keyboard.h"

#include <string.h>

#include "key-button.h"
#include "texts.h"

/* More than any address has; a whole document in the clipboard is not typed into a phone. */
#define MAX_PASTED_BYTES 255

static const PhoneShortcut shortcuts[] = {
#define KEY(accelerators, key, group, title) { PHONE_SHORTCUT_KEY, accelerators, key, NULL, group, title },
#define HOOK(accelerators, group, title) { PHONE_SHORTCUT_HOOK, accelerators, PHONE_KEY_NONE, NULL, group, title },
#define COMMAND(accelerators, command, group, title)                                                                    \
  { PHONE_SHORTCUT_COMMAND, accelerators, PHONE_KEY_NONE, command, group, title },
#define ACTION(accelerators, action, group, title)                                                                      \
  { PHONE_SHORTCUT_ACTION, accelerators, PHONE_KEY_NONE, action, group, title },
#include "keyboard-table.inc"
};

typedef struct {
  guint                keyval;    /* lower case */
  GdkModifierType      modifiers;
  const PhoneShortcut *shortcut;  /* NULL: key alone */
  PhoneKey             key;
} Binding;

enum { COMMAND, TEXT, N_SIGNALS };

struct _PhoneKeyboard {
  GObject       parent;

  GtkWindow    *window;     /* weak */
  PhoneFace    *face;       /* weak */
  GtkIMContext *input;
  GArray       *bindings;   /* Binding */
  GHashTable   *held;       /* hardware key code → PhoneKey */
  gboolean      composing;  /* the input method shows something of its own */
};

G_DEFINE_FINAL_TYPE (PhoneKeyboard, phone_keyboard, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

/* Keys that go on while they are held, as on the phone. Digits do not: holding one is a long press. */
static gboolean
repeats (PhoneKey key)
{
  switch ((int) key)
    {
    case PHONE_KEY_UP:
    case PHONE_KEY_DOWN:
    case PHONE_KEY_LEFT:
    case PHONE_KEY_RIGHT:
    case PHONE_KEY_BACKSPACE:
    case PHONE_KEY_VOLUME_UP:
    case PHONE_KEY_VOLUME_DOWN:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whether a digit typed is that character rather than the key of the phone: an editor that takes letters. */
static gboolean
takes_characters (PhoneFace *face)
{
  const PhoneDisplay *display = phone_face_get_display (face);

  if (!display || (display->layout != PHONE_LAYOUT_EDIT && display->layout != PHONE_LAYOUT_DIAL))
    return FALSE;

  return display->edit_mode[0] != '\0' && !g_str_equal (display->edit_mode, "123");
}

static const Binding *
find_binding (PhoneKeyboard *self,
              guint keyval,
              GdkModifierType state)
{
  GdkModifierType modifiers = state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK);
  gboolean shift = (state & GDK_SHIFT_MASK) != 0;

  keyval = gdk_keyval_to_lower (keyval);
  for (guint i = 0; i < self->bindings->len; i++)
    {
      const Binding *binding = &g_array_index (self->bindings, Binding, i);
      gboolean wants_shift = (binding->modifiers & GDK_SHIFT_MASK) != 0;
      /* Shift is part of how a character like '#' is typed, but not of a shortcut for a letter or a named key. */
      gboolean shift_fits = wants_shift == shift || (!wants_shift && !g_unichar_isalpha (gdk_keyval_to_unicode (keyval)) &&
                                                     gdk_keyval_to_unicode (keyval) > ' ');

      if (binding->keyval == keyval && (binding->modifiers & ~GDK_SHIFT_MASK) == modifiers && shift_fits)
        return binding;
    }

  return NULL;
}

/* A layout may have the digits on the shifted level (French): Alt + the key in the digit row is its line key all the same. */
static const Binding *
find_binding_by_position (PhoneKeyboard *self,
                          guint keycode,
                          GdkModifierType state)
{
  g_autofree GdkKeymapKey *places = NULL;
  g_autofree guint *keyvals = NULL;
  int n = 0;

  if (!(state & (GDK_ALT_MASK | GDK_CONTROL_MASK)) ||
      !gdk_display_map_keycode (gtk_widget_get_display (GTK_WIDGET (self->face)), keycode, &places, &keyvals, &n))
    return NULL;

  for (int i = 0; i < n; i++)
    {
      const Binding *binding = NULL;

      if (keyvals[i] >= GDK_KEY_0 && keyvals[i] <= GDK_KEY_9)
        binding = find_binding (self, keyvals[i], state & ~GDK_SHIFT_MASK);
      if (binding)
        return binding;
    }

  return NULL;
}

typedef enum { FOCUS_PHONE, FOCUS_OUTSIDE, FOCUS_POPOVER } FocusPlace;

static FocusPlace
get_focus_place (PhoneKeyboard *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  if (!focus || focus == GTK_WIDGET (self->window) || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->face)))
    return FOCUS_PHONE;
  if (GTK_IS_POPOVER (focus) || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER))
    return FOCUS_POPOVER;

  return FOCUS_OUTSIDE;
}

/* Keys that a button in the header bar needs for itself. */
static gboolean
belongs_to_widgets (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
    case GDK_KEY_Escape:
    case GDK_KEY_Up:
    case GDK_KEY_Down:
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_activation (guint keyval)
{
  return keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space || keyval == GDK_KEY_Return ||
         keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

static void
press (PhoneKeyboard *self,
       guint keycode,
       PhoneKey key)
{
  gpointer held;

  if (g_hash_table_lookup_extended (self->held, GUINT_TO_POINTER (keycode), NULL, &held))
    {
      if (GPOINTER_TO_UINT (held) == key && repeats (key))
        {
          phone_face_release_key (self->face, key);
          phone_face_press_key (self->face, key);
        }
      return;
    }

  g_hash_table_insert (self->held, GUINT_TO_POINTER (keycode), GUINT_TO_POINTER (key));
  phone_face_press_key (self->face, key);
}

static void
release (PhoneKeyboard *self,
         guint keycode)
{
  gpointer key;

  if (g_hash_table_steal_extended (self->held, GUINT_TO_POINTER (keycode), NULL, &key) &&
      GPOINTER_TO_UINT (key) != PHONE_KEY_NONE)
    phone_face_release_key (self->face, GPOINTER_TO_UINT (key));
}

static void
run (PhoneKeyboard *self,
     const Binding *binding,
     guint keycode)
{
  PhoneShortcutKind kind = binding->shortcut ? binding->shortcut->kind : PHONE_SHORTCUT_KEY;
  gboolean repeated = g_hash_table_contains (self->held, GUINT_TO_POINTER (keycode));

  if (kind == PHONE_SHORTCUT_KEY)
    {
      press (self, keycode, binding->key);
      return;
    }
  if (repeated)
    return;

  /* Remembered although no key of the phone is down: an auto-repeat must not lift the handset again. */
  g_hash_table_insert (self->held, GUINT_TO_POINTER (keycode), GUINT_TO_POINTER (PHONE_KEY_NONE));
  if (kind == PHONE_SHORTCUT_HOOK)
    phone_face_toggle_hook (self->face);
  else
    g_signal_emit (self, signals[COMMAND], 0, binding->shortcut->target);
}

/* Space and Enter press the key that has the focus, for as long as they are held. */
static gboolean
press_focused (PhoneKeyboard *self,
               guint keyval,
               guint keycode,
               GdkModifierType state)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  if (!PHONE_IS_KEY_BUTTON (focus) || !is_activation (keyval) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)))
    return FALSE;

  press (self, keycode, phone_key_button_get_key (PHONE_KEY_BUTTON (focus)));

  return TRUE;
}

static gboolean
filter_text (PhoneKeyboard *self,
             GtkEventController *controller)
{
  GdkEvent *event = gtk_event_controller_get_current_event (controller);

  return event && gtk_im_context_filter_keypress (self->input, event);
}

static gboolean
handle_pressed (PhoneKeyboard *self,
                GtkEventController *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state)
{
  FocusPlace place = get_focus_place (self);
  GtkWidget *focus = gtk_window_get_focus (self->window);
  const Binding *binding;

  if (place == FOCUS_POPOVER)
    return GDK_EVENT_PROPAGATE;
  if (self->composing)
    return filter_text (self, controller);
  if (place == FOCUS_PHONE && press_focused (self, keyval, keycode, state))
    return GDK_EVENT_STOP;

  binding = find_binding (self, keyval, state);
  if (!binding)
    binding = find_binding_by_position (self, keycode, state);
  if (binding && !(state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    {
      if (place == FOCUS_OUTSIDE && belongs_to_widgets (keyval))
        return GDK_EVENT_PROPAGATE;
      /* The handset has the focus: let its button take it. */
      if (place == FOCUS_PHONE && GTK_IS_BUTTON (focus) && is_activation (keyval))
        return GDK_EVENT_PROPAGATE;
      if (takes_characters (self->face) && phone_key_to_digit (binding->key) != '\0')
        binding = NULL;
    }

  if (!binding)
    {
      if (place == FOCUS_OUTSIDE && belongs_to_widgets (keyval))
        return GDK_EVENT_PROPAGATE;
      if (GTK_IS_BUTTON (focus) && is_activation (keyval))
        return GDK_EVENT_PROPAGATE;
      return filter_text (self, controller);
    }

  /* Who plays the phone by its own keys wants Enter to be OK, not the button that had the focus. */
  if (place == FOCUS_PHONE && GTK_IS_BUTTON (focus) && !(state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    gtk_widget_grab_focus (GTK_WIDGET (self->face));
  run (self, binding, keycode);

  return GDK_EVENT_STOP;
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                PhoneKeyboard *self)
{
  if (!self->face || !self->window)
    return GDK_EVENT_PROPAGATE;

  return handle_pressed (self, GTK_EVENT_CONTROLLER (controller), keyval, keycode, state);
}

static void
on_key_released (GtkEventControllerKey *controller,
                 guint keyval,
                 guint keycode,
                 GdkModifierType state,
                 PhoneKeyboard *self)
{
  if (!self->face)
    return;

  if (g_hash_table_contains (self->held, GUINT_TO_POINTER (keycode)))
    release (self, keycode);
  else
    filter_text (self, GTK_EVENT_CONTROLLER (controller));
}

static void
on_active_changed (GtkWindow *window,
                   GParamSpec *pspec,
                   PhoneKeyboard *self)
{
  if (gtk_window_is_active (window))
    {
      gtk_im_context_focus_in (self->input);
      return;
    }

  /* The releases go to another window. */
  gtk_im_context_focus_out (self->input);
  phone_keyboard_release_all (self);
}

static void
on_commit (GtkIMContext *input,
           const char *text,
           PhoneKeyboard *self)
{
  GtkWidget *focus = self->window ? gtk_window_get_focus (self->window) : NULL;

  if (self->face && GTK_IS_BUTTON (focus) && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->face)))
    gtk_widget_grab_focus (GTK_WIDGET (self->face));
  g_signal_emit (self, signals[TEXT], 0, text);
}

static void
on_preedit_changed (GtkIMContext *input,
                    PhoneKeyboard *self)
{
  g_autofree char *text = NULL;

  gtk_im_context_get_preedit_string (input, &text, NULL, NULL);
  self->composing = text && text[0] != '\0';
}

static void
add_bindings (PhoneKeyboard *self,
              const char *accelerators,
              const PhoneShortcut *shortcut,
              PhoneKey key)
{
  g_auto (GStrv) names = g_strsplit (accelerators, " ", -1);

  for (guint i = 0; names[i]; i++)
    {
      Binding binding = { 0, 0, shortcut, key };

      if (names[i][0] == '\0')
        continue;
      if (!gtk_accelerator_parse (names[i], &binding.keyval, &binding.modifiers))
        {
          g_warning ("\"%s\" is no shortcut", names[i]);
          continue;
        }
      binding.keyval = gdk_keyval_to_lower (binding.keyval);
      g_array_append_val (self->bindings, binding);
    }
}

static void
fill_bindings (PhoneKeyboard *self,
               PhoneSkin *skin)
{
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].kind != PHONE_SHORTCUT_ACTION)
      add_bindings (self, shortcuts[i].accelerators, &shortcuts[i], shortcuts[i].key);

  for (guint i = 0; i < phone_skin_get_n_keys (skin); i++)
    {
      PhoneKey key = phone_skin_get_key (skin, i);
      const char *more = phone_skin_get_shortcut (skin, key);

      if (more)
        add_bindings (self, more, NULL, key);
    }
}

static void
phone_keyboard_dispose (GObject *object)
{
  PhoneKeyboard *self = PHONE_KEYBOARD (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->face);
  g_clear_object (&self->input);
  G_OBJECT_CLASS (phone_keyboard_parent_class)->dispose (object);
}

static void
phone_keyboard_finalize (GObject *object)
{
  PhoneKeyboard *self = PHONE_KEYBOARD (object);

  g_array_unref (self->bindings);
  g_hash_table_unref (self->held);
  G_OBJECT_CLASS (phone_keyboard_parent_class)->finalize (object);
}

static void
phone_keyboard_class_init (PhoneKeyboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_keyboard_dispose;
  object_class->finalize = phone_keyboard_finalize;

  signals[COMMAND] = g_signal_new ("command", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TEXT] = g_signal_new ("text", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
phone_keyboard_init (PhoneKeyboard *self)
{
  self->bindings = g_array_new (FALSE, FALSE, sizeof (Binding));
  self->held = g_hash_table_new (NULL, NULL);
  self->input = gtk_im_multicontext_new ();
  g_signal_connect_object (self->input, "commit", G_CALLBACK (on_commit), self, 0);
  g_signal_connect_object (self->input, "preedit-changed", G_CALLBACK (on_preedit_changed), self, 0);
}

/**
 * phone_shortcut_list:
 * @n: (out): how many
 *
 * Returns: (transfer none): the table
 */
const PhoneShortcut *
phone_shortcut_list (guint *n)
{
  g_return_val_if_fail (n != NULL, NULL);

  *n = G_N_ELEMENTS (shortcuts);

  return shortcuts;
}

/**
 * phone_keyboard_new:
 * @window: whose keys it takes, as long as it lives
 */
PhoneKeyboard *
phone_keyboard_new (GtkWindow *window,
                    PhoneFace *face,
                    PhoneSkin *skin)
{
  PhoneKeyboard *self;
  GtkEventController *controller;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (PHONE_IS_FACE (face), NULL);
  g_return_val_if_fail (PHONE_IS_SKIN (skin), NULL);

  self = g_object_new (PHONE_TYPE_KEYBOARD, NULL);
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->face, face);
  fill_bindings (self, skin);
  gtk_im_context_set_client_widget (self->input, GTK_WIDGET (face));

  /* Capture: before widgets take arrows and Enter for themselves. */
  controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (on_key_pressed), self, 0);
  g_signal_connect_object (controller, "key-released", G_CALLBACK (on_key_released), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
  g_signal_connect_object (window, "notify::is-active", G_CALLBACK (on_active_changed), self, 0);

  return self;
}

/**
 * phone_keyboard_release_all:
 *
 * Lets every held key go, as when the window loses the keyboard.
 */
void
phone_keyboard_release_all (PhoneKeyboard *self)
{
  g_autoptr (GList) codes = NULL;

  g_return_if_fail (PHONE_IS_KEYBOARD (self));

  codes = g_hash_table_get_keys (self->held);
  for (GList *code = codes; code && self->face; code = code->next)
    release (self, GPOINTER_TO_UINT (code->data));
}

/**
 * phone_keyboard_clean_paste:
 * @text: what the clipboard holds
 * @number: whether the LCD takes a number: blanks and brackets of a written number are left out
 */
char *
phone_keyboard_clean_paste (const char *text,
                            gboolean number)
{
  g_autofree char *line = NULL;
  g_autoptr (GString) clean = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;

  line = g_strdup (text + strspn (text, " \t\r\n"));
  line[strcspn (line, "\r\n")] = '\0';
  g_strstrip (line);
  number = number && strspn (line, "0123456789+*#()-/ ") == strlen (line);

  clean = g_string_new (NULL);
  for (const char *c = line; *c; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (!g_unichar_isprint (character) || (number && strchr ("()-/ ", (int) *c)))
        continue;
      if (clean->len + (gsize) (g_utf8_next_char (c) - c) > MAX_PASTED_BYTES)
        break;
      g_string_append_unichar (clean, character);
    }

  if (clean->len == 0)
    return NULL;

  return g_string_free (g_steal_pointer (&clean), FALSE);
}
