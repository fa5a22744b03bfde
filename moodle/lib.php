<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * What this plugin adds to the form of an activity.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use ltiservice_completion\local\service\completion;
use ltiservice_completion\local\words;

/**
 * Say in the form of an activity what its condition means.
 *
 * Moodle's form calls the condition Receive a grade. The activity has no grade, so the condition
 * is met by the tool alone.
 *
 * @param moodleform_mod $formwrapper the form.
 * @param MoodleQuickForm $mform its elements.
 */
function ltiservice_completion_coursemodule_definition_after_data($formwrapper, $mform): void {
    global $CFG;
    $current = $formwrapper->get_current();
    if (($current->modulename ?? '') !== 'lti' || !$mform->elementExists('completionusegrade')) {
        return;
    }
    require_once($CFG->dirroot . '/mod/lti/locallib.php');
    $type = completion::type_in_form($current);
    if (!$type) {
        return;
    }
    $words = get_string('completeintool', 'ltiservice_completion', format_string($type->name));
    $mform->getElement('completionusegrade')->setLabel('');
    $mform->getElement('completionusegrade')->setText($words);
    while ($mform->elementExists('completionpassgrade')) {
        $mform->removeElement('completionpassgrade');
    }
    $mform->addElement('hidden', completion::OFFERED, 1);
    $mform->setType(completion::OFFERED, PARAM_BOOL);
}

/**
 * Moodle before 4.4 calls this at the end of every page; see db/hooks.php for later ones.
 */
function ltiservice_completion_before_footer(): void {
    words::correct_page();
}
