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

namespace ltiservice_completion\privacy;

/**
 * The plugin declares that it keeps nothing, in words that exist in both its languages.
 *
 * @package    ltiservice_completion
 * @copyright  2026 The Proeftuin contributors
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \ltiservice_completion\privacy\provider
 */
final class provider_test extends \basic_testcase {
    /**
     * The reason is a sentence.
     */
    public function test_reason(): void {
        $reason = get_string(provider::get_reason(), 'ltiservice_completion');
        $this->assertStringContainsString('no personal data', $reason);
    }

    /**
     * Every sentence has a translation.
     */
    public function test_translations(): void {
        $strings = [];
        foreach (['en', 'nl'] as $language) {
            $string = [];
            include(__DIR__ . "/../../lang/$language/ltiservice_completion.php");
            $strings[$language] = array_keys($string);
        }
        $this->assertNotEmpty($strings['en']);
        $this->assertSame($strings['en'], $strings['nl']);
    }
}
